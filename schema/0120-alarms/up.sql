-- What is or was wrong: one open row for each trouble, and the history.
CREATE TABLE alarm (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity BIGINT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  object_name TEXT,
  project_id TEXT,
  domain_id TEXT,
  message_values TEXT NOT NULL,
  noticed_at BIGINT NOT NULL,
  raised_at BIGINT,
  last_seen_at BIGINT NOT NULL,
  missing_since BIGINT,
  cleared_at BIGINT,
  acknowledged_at BIGINT,
  acknowledged_by TEXT,
  acknowledged_name TEXT,
  note TEXT,
  silenced_until BIGINT,
  silenced_by TEXT
);
CREATE UNIQUE INDEX alarm_open ON alarm (key) WHERE cleared_at IS NULL;
CREATE INDEX alarm_key ON alarm (key, id);
CREATE INDEX alarm_cleared ON alarm (cleared_at);

-- What is to be told to the webhook and was not taken yet.
CREATE TABLE alarm_delivery (
  id TEXT PRIMARY KEY,
  alarm_id TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
