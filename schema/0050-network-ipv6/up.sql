-- IPv6 subnets, subnet pools and address scopes.
ALTER TABLE subnet ADD COLUMN ip_version INTEGER NOT NULL DEFAULT 4;
ALTER TABLE subnet ADD COLUMN ra_mode TEXT;
ALTER TABLE subnet ADD COLUMN address_mode TEXT;
ALTER TABLE subnet ADD COLUMN subnet_pool_id TEXT;
CREATE INDEX subnet_pool_of ON subnet (subnet_pool_id);

CREATE TABLE address_scope (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  ip_version INTEGER NOT NULL,
  shared BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX address_scope_project ON address_scope (project_id);

CREATE TABLE subnet_pool (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  ip_version INTEGER NOT NULL,
  prefixes TEXT NOT NULL,
  min_prefix INTEGER NOT NULL,
  default_prefix INTEGER NOT NULL,
  max_prefix INTEGER NOT NULL,
  shared BOOLEAN NOT NULL,
  is_default BOOLEAN NOT NULL,
  default_quota INTEGER,
  address_scope_id TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX subnet_pool_project ON subnet_pool (project_id);
