-- Volumes as files that agents keep. The status is computed from what is wanted (size_gib, gone, attachments) and what
-- the host reported (present, seen_*, fault); only reset_status is an administrator's word that stands above it.
CREATE TABLE volume (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT,
  description TEXT,
  size_gib INTEGER NOT NULL,
  type_id TEXT NOT NULL,
  zone TEXT NOT NULL,
  bootable BOOLEAN NOT NULL,
  read_only BOOLEAN NOT NULL,
  image_id TEXT,
  image_sha512 TEXT,
  image_format TEXT,
  source_volume_id TEXT,
  host_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  gone BOOLEAN NOT NULL,
  attached_once BOOLEAN NOT NULL,
  held TEXT,
  reset_status TEXT,
  seen_generation BIGINT NOT NULL,
  present BOOLEAN NOT NULL,
  seen_size_gib INTEGER NOT NULL,
  fault TEXT,
  fault_transient BOOLEAN NOT NULL,
  fault_since BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT
);
CREATE INDEX volume_project ON volume (project_id, created_at);
CREATE INDEX volume_host ON volume (host_id);
CREATE INDEX volume_source ON volume (source_volume_id);

CREATE TABLE volume_metadata (
  volume_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (volume_id, kind, name)
);

CREATE TABLE volume_attachment (
  id TEXT PRIMARY KEY,
  volume_id TEXT NOT NULL,
  server_id TEXT NOT NULL,
  device TEXT NOT NULL,
  boot_index INTEGER NOT NULL,
  delete_on_termination BOOLEAN NOT NULL,
  wanted BOOLEAN NOT NULL,
  seen BOOLEAN NOT NULL,
  by_hand BOOLEAN NOT NULL,
  host_name TEXT,
  attached_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX volume_attachment_once ON volume_attachment (volume_id, server_id);
CREATE INDEX volume_attachment_server ON volume_attachment (server_id);

-- A volume that moved: what it left on the former host until that host says it is gone.
CREATE TABLE volume_leftover (
  volume_id TEXT NOT NULL,
  host_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  PRIMARY KEY (volume_id, host_id)
);

-- A volume that is being copied into an image.
CREATE TABLE volume_upload (
  volume_id TEXT PRIMARY KEY,
  image_id TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE volume_type (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  is_public BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT
);
CREATE UNIQUE INDEX volume_type_name ON volume_type (name);
INSERT INTO volume_type (id, name, description, is_public, created_at, updated_at)
  VALUES ('7a1c9c4e-6a43-8d0c-9b52-0d6b2f7c1e01', '__DEFAULT__', 'Files on the disks of a host', TRUE, 0, NULL);

CREATE TABLE volume_type_spec (
  type_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (type_id, name)
);

CREATE TABLE volume_type_project (
  type_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  PRIMARY KEY (type_id, project_id)
);
