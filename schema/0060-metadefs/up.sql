-- Metadata definitions: words that dashboards offer for images, servers and volumes. Nothing in the cloud acts on them.
CREATE TABLE metadef_namespace (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  visibility TEXT NOT NULL,
  protected BOOLEAN NOT NULL,
  display_name TEXT,
  description TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
-- kind: object, property, tag or resource_type.
CREATE TABLE metadef_entry (
  namespace_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (namespace_id, kind, name)
);
