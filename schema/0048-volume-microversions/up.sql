-- What Cinder's microversions 3.3 to 3.70 keep: groups of volumes and their snapshots, messages for users, attachments of
-- clients that attach by themselves, a default type per project. content counts how often a volume was filled anew.
ALTER TABLE volume ADD COLUMN group_id TEXT;
ALTER TABLE volume ADD COLUMN group_snapshot_id TEXT;
ALTER TABLE volume ADD COLUMN multiattach BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE volume ADD COLUMN content BIGINT NOT NULL DEFAULT 0;
ALTER TABLE volume ADD COLUMN seen_content BIGINT NOT NULL DEFAULT 0;
ALTER TABLE volume ADD COLUMN refill_from TEXT;
ALTER TABLE volume ADD COLUMN said_progress TEXT;
CREATE INDEX volume_group_of ON volume (group_id);
CREATE INDEX volume_group_snapshot_of ON volume (group_snapshot_id);

ALTER TABLE volume_attachment ADD COLUMN mode TEXT NOT NULL DEFAULT 'rw';
ALTER TABLE volume_attachment ADD COLUMN connector TEXT;

ALTER TABLE volume_backup ADD COLUMN own_metadata TEXT NOT NULL DEFAULT '{}';

ALTER TABLE volume_transfer ADD COLUMN no_snapshots BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE volume_message (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  event TEXT NOT NULL,
  text TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX volume_message_project ON volume_message (project_id, created_at);

CREATE TABLE volume_group_type (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  is_public BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX volume_group_type_name ON volume_group_type (name);
INSERT INTO volume_group_type (id, name, description, is_public, created_at)
  VALUES ('7a1c9c4e-6a43-8d0c-9b52-0d6b2f7c1e02', '__DEFAULT__', 'Volumes that are handled together', TRUE, 0);

CREATE TABLE volume_group_type_spec (
  type_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (type_id, name)
);

CREATE TABLE volume_group (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT,
  description TEXT,
  type_id TEXT NOT NULL,
  zone TEXT,
  source_group_id TEXT,
  group_snapshot_id TEXT,
  gone BOOLEAN NOT NULL,
  reset_status TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX volume_group_project ON volume_group (project_id, created_at);

-- The volume types that a group takes.
CREATE TABLE volume_group_volume_type (
  group_id TEXT NOT NULL,
  type_id TEXT NOT NULL,
  PRIMARY KEY (group_id, type_id)
);

CREATE TABLE volume_group_snapshot (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  group_type_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT,
  description TEXT,
  gone BOOLEAN NOT NULL,
  reset_status TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX volume_group_snapshot_project ON volume_group_snapshot (project_id, created_at);

CREATE TABLE volume_default_type (
  project_id TEXT PRIMARY KEY,
  type_id TEXT NOT NULL
);
