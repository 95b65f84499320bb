-- What bureaus run: sites, their domain names, and what they consist of.
CREATE TABLE site (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  registration TEXT,
  contacts TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL
);
CREATE INDEX site_project ON site (project_id);

CREATE TABLE site_host_name (
  name TEXT PRIMARY KEY,
  site_id TEXT NOT NULL
);
CREATE INDEX site_host_name_site ON site_host_name (site_id);

CREATE TABLE site_member (
  site_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  PRIMARY KEY (site_id, kind, object_id)
);
