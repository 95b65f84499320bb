-- Rows that operators add to the catalogue beside what this cloud offers itself, stored credentials, and two late columns.
CREATE TABLE catalog_region (
  id TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  parent_id TEXT
);
CREATE TABLE catalog_service (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  extra TEXT NOT NULL
);
CREATE TABLE catalog_endpoint (
  id TEXT PRIMARY KEY,
  service_id TEXT NOT NULL,
  interface TEXT NOT NULL,
  region_id TEXT,
  url TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  extra TEXT NOT NULL
);
CREATE INDEX catalog_endpoint_service ON catalog_endpoint (service_id);
CREATE TABLE stored_credential (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  project_id TEXT,
  type TEXT NOT NULL,
  sealed_blob TEXT NOT NULL,
  extra TEXT NOT NULL
);
CREATE INDEX stored_credential_user ON stored_credential (user_id);
ALTER TABLE account_group ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
ALTER TABLE application_credential ADD COLUMN expires_micros BIGINT NOT NULL DEFAULT 0;
