-- A backup: the content of a volume at one moment, kept away from the hosts in the image store.
CREATE TABLE volume_backup (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT,
  description TEXT,
  container TEXT NOT NULL,
  volume_id TEXT NOT NULL,
  snapshot_id TEXT,
  size_gib INTEGER NOT NULL,
  type_id TEXT NOT NULL,
  bootable BOOLEAN NOT NULL,
  metadata TEXT NOT NULL,
  image_metadata TEXT NOT NULL,
  image_id TEXT NOT NULL,
  source_id TEXT,
  filled BOOLEAN NOT NULL,
  gone BOOLEAN NOT NULL,
  fault TEXT,
  reset_status TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX volume_backup_project ON volume_backup (project_id);
