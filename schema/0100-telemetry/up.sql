-- What is remembered of the use of each server and host (host:ID): rings of samples, base64.
CREATE TABLE telemetry_ring (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX telemetry_ring_at ON telemetry_ring (at);
