-- Named sets of limits for volumes, and the type that each is meant for: a type has at most one.
CREATE TABLE volume_qos (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  consumer TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX volume_qos_name ON volume_qos (name);

CREATE TABLE volume_qos_spec (
  qos_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (qos_id, name)
);

CREATE TABLE volume_type_qos (
  type_id TEXT PRIMARY KEY,
  qos_id TEXT NOT NULL
);
CREATE INDEX volume_type_qos_qos ON volume_type_qos (qos_id);
