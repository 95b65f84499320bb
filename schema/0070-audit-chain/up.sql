-- The audit log tells more (roles, scope, before and after, refusals) and is chained: see docs/audit.md.
-- seq and hash are empty until the chainer has taken the row; form is the version of the canonical bytes.
ALTER TABLE audit ADD COLUMN user_domain_id TEXT;
ALTER TABLE audit ADD COLUMN scope TEXT;
ALTER TABLE audit ADD COLUMN roles TEXT;
ALTER TABLE audit ADD COLUMN agent TEXT;
ALTER TABLE audit ADD COLUMN status BIGINT;
ALTER TABLE audit ADD COLUMN was TEXT;
ALTER TABLE audit ADD COLUMN became TEXT;
ALTER TABLE audit ADD COLUMN resource_domain_id TEXT;
ALTER TABLE audit ADD COLUMN seq BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
ALTER TABLE audit ADD COLUMN form BIGINT;
-- A writer only touches the table, its key and the index of what waits: the others take a row when it is chained, many at once.
DROP INDEX audit_resource;
DROP INDEX audit_project;
CREATE INDEX audit_unchained ON audit (id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_seq ON audit (seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_resource ON audit (kind, resource_id) WHERE seq IS NOT NULL;
CREATE INDEX audit_project ON audit (project_id, id) WHERE seq IS NOT NULL;
CREATE INDEX audit_domain ON audit (domain_id, id) WHERE seq IS NOT NULL;
CREATE INDEX audit_user ON audit (user_id, id) WHERE seq IS NOT NULL;
CREATE INDEX audit_request ON audit (request_id) WHERE seq IS NOT NULL;

CREATE TABLE audit_key (
  number BIGINT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  public TEXT NOT NULL,
  sealed TEXT NOT NULL,
  before TEXT,
  at BIGINT NOT NULL,
  signature TEXT NOT NULL,
  signature_before TEXT
);
CREATE TABLE audit_head (
  seq BIGINT PRIMARY KEY,
  hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL
);
-- What was removed when its time was over: the chain goes on from the last stub.
CREATE TABLE audit_stub (
  seq BIGINT PRIMARY KEY,
  hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  retention_days BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL
);
