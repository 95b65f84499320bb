-- Trusts, access rules of application credentials, endpoints that a project sees, and unified limits.
CREATE TABLE trust (
  id TEXT PRIMARY KEY,
  trustor_id TEXT NOT NULL,
  trustee_id TEXT NOT NULL,
  project_id TEXT,
  impersonation BIGINT NOT NULL,
  roles TEXT NOT NULL,
  expires_at BIGINT,
  remaining_uses BIGINT,
  redelegated_from TEXT,
  redelegation_count BIGINT NOT NULL,
  extra TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX trust_trustor ON trust (trustor_id);
CREATE INDEX trust_trustee ON trust (trustee_id);
CREATE TABLE access_rule (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  service TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  UNIQUE (user_id, service, method, path)
);
ALTER TABLE application_credential ADD COLUMN access_rules TEXT;
CREATE TABLE endpoint_group (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  filters TEXT NOT NULL
);
CREATE TABLE project_endpoint (
  project_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  PRIMARY KEY (project_id, endpoint_id)
);
CREATE TABLE project_endpoint_group (
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  PRIMARY KEY (project_id, group_id)
);
CREATE TABLE registered_limit (
  id TEXT PRIMARY KEY,
  service_id TEXT NOT NULL,
  region_id TEXT,
  resource_name TEXT NOT NULL,
  default_limit BIGINT NOT NULL,
  description TEXT
);
CREATE TABLE unified_limit (
  id TEXT PRIMARY KEY,
  project_id TEXT,
  domain_id TEXT,
  service_id TEXT NOT NULL,
  region_id TEXT,
  resource_name TEXT NOT NULL,
  resource_limit BIGINT NOT NULL,
  description TEXT
);
CREATE INDEX unified_limit_project ON unified_limit (project_id);
