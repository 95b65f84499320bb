-- Tags of network resources, and who else may use what is somebody's.
CREATE TABLE network_tag (
  resource_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (resource_id, tag)
);
CREATE INDEX network_tag_of ON network_tag (tag);

CREATE TABLE network_rbac (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  action TEXT NOT NULL,
  target_project TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE UNIQUE INDEX network_rbac_once ON network_rbac (object_id, action, target_project);
