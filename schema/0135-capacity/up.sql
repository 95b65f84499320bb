-- What is too large, idle, left: see docs/capacity.md.
CREATE TABLE capacity_advice (
  id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  server_name TEXT NOT NULL,
  project_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  from_id TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_vcpus BIGINT NOT NULL,
  from_ram_mib BIGINT NOT NULL,
  to_id TEXT NOT NULL,
  to_name TEXT NOT NULL,
  to_vcpus BIGINT NOT NULL,
  to_ram_mib BIGINT NOT NULL,
  saved BIGINT NOT NULL,
  confidence TEXT NOT NULL,
  evidence TEXT NOT NULL,
  accepted_by TEXT,
  standpoint TEXT,
  at_once BOOLEAN NOT NULL,
  request_id TEXT,
  began_at BIGINT,
  watch_until BIGINT,
  watched TEXT,
  quiet_until BIGINT,
  why TEXT,
  error TEXT,
  generation BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX capacity_advice_server ON capacity_advice (server_id, id);
CREATE INDEX capacity_advice_project ON capacity_advice (project_id, id);
CREATE INDEX capacity_advice_state ON capacity_advice (state, id);

CREATE TABLE capacity_window (
  node_id TEXT PRIMARY KEY,
  days TEXT NOT NULL,
  starts BIGINT NOT NULL,
  minutes BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE capacity_idle (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  name TEXT,
  project_id TEXT NOT NULL,
  state TEXT NOT NULL,
  since BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  evidence TEXT NOT NULL,
  reminders BIGINT NOT NULL,
  reminded_at BIGINT,
  escalated_at BIGINT,
  answered_by TEXT,
  standpoint TEXT,
  answered_at BIGINT,
  reason TEXT,
  keep_until BIGINT,
  release_at BIGINT,
  request_id TEXT,
  error TEXT,
  generation BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX capacity_idle_object ON capacity_idle (object_kind, object_id);
CREATE INDEX capacity_idle_project ON capacity_idle (project_id, id);
CREATE INDEX capacity_idle_state ON capacity_idle (state, id);

-- One row for each day, zone ('' = the whole cloud) and resource: at least 400 days.
CREATE TABLE capacity_day (
  day BIGINT NOT NULL,
  zone TEXT NOT NULL,
  resource TEXT NOT NULL,
  physical BIGINT NOT NULL,
  capacity BIGINT NOT NULL,
  allocated BIGINT NOT NULL,
  used DOUBLE PRECISION,
  looks BIGINT NOT NULL,
  PRIMARY KEY (zone, resource, day)
);

-- What each bureau had at the end of each day.
CREATE TABLE capacity_growth (
  day BIGINT NOT NULL,
  domain_id TEXT NOT NULL,
  vcpus BIGINT NOT NULL,
  ram_mib BIGINT NOT NULL,
  servers BIGINT NOT NULL,
  PRIMARY KEY (domain_id, day)
);
