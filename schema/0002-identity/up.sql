-- Keystone's objects. A domain is a project row with is_domain = 1 and its own id as domain_id.
CREATE TABLE project (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  domain_id TEXT NOT NULL,
  parent_id TEXT,
  is_domain BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  description TEXT NOT NULL,
  tags TEXT NOT NULL,
  extra TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_name ON project (is_domain, (CASE WHEN is_domain = 1 THEN '' ELSE domain_id END), name);
CREATE INDEX project_parent ON project (parent_id);
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  domain_id TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  password_hash TEXT,
  password_changed_at BIGINT,
  default_project_id TEXT,
  extra TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (domain_id, name)
);
CREATE TABLE account_group (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  domain_id TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (domain_id, name)
);
CREATE TABLE membership (
  group_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);
CREATE TABLE role (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  domain_id TEXT NOT NULL,
  description TEXT NOT NULL,
  extra TEXT NOT NULL,
  UNIQUE (domain_id, name)
);
CREATE TABLE role_implies (
  prior_id TEXT NOT NULL,
  implied_id TEXT NOT NULL,
  PRIMARY KEY (prior_id, implied_id)
);
CREATE TABLE assignment (
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  inherited BIGINT NOT NULL,
  PRIMARY KEY (actor_kind, actor_id, target_kind, target_id, role_id, inherited)
);
CREATE INDEX assignment_target ON assignment (target_kind, target_id);
CREATE TABLE application_credential (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  roles TEXT NOT NULL,
  unrestricted BIGINT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  UNIQUE (user_id, name)
);
CREATE TABLE revocation (
  audit_id TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
