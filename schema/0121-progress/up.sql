-- How far a copy is, as whoever copies counts it; kept for a day after its end.
CREATE TABLE progress (
  id TEXT PRIMARY KEY,
  began_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT,
  rate BIGINT,
  ended_at BIGINT,
  error TEXT
);
CREATE INDEX progress_at ON progress (at);
