-- What every module stands on: the work queue, the audit log, limits, and small values such as keys.
CREATE TABLE work (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  seq BIGINT NOT NULL DEFAULT 1,
  last_error TEXT,
  PRIMARY KEY (kind, id)
);
CREATE INDEX work_due ON work (due_at);

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  project_id TEXT,
  domain_id TEXT,
  request_id TEXT NOT NULL,
  remote TEXT NOT NULL,
  verb TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  resource_project_id TEXT,
  result TEXT NOT NULL,
  detail TEXT
);
CREATE INDEX audit_resource ON audit (kind, resource_id);
CREATE INDEX audit_project ON audit (project_id, id);

CREATE TABLE quota (
  project_id TEXT NOT NULL,
  resource TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (project_id, resource)
);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
