-- What the life cycle of a server needs beside power: each column is a desire or an observation, never a task that somebody must end.
ALTER TABLE server ADD COLUMN personality TEXT NOT NULL DEFAULT '[]';
-- The last change that takes its time, and the generation it was wanted under: it is under way until the host has reported that one.
ALTER TABLE server ADD COLUMN change_why TEXT NOT NULL DEFAULT '';
ALTER TABLE server ADD COLUMN change_generation BIGINT NOT NULL DEFAULT 0;
-- Set: it boots from this image beside its own disks.
ALTER TABLE server ADD COLUMN rescue_image_id TEXT;
ALTER TABLE server ADD COLUMN rescue_image_sha512 TEXT NOT NULL DEFAULT '';
ALTER TABLE server ADD COLUMN rescue_image_format TEXT NOT NULL DEFAULT '';
ALTER TABLE server ADD COLUMN rescue_image_properties TEXT NOT NULL DEFAULT '{}';
-- Set: resized or moved and not confirmed yet; what it was before, as JSON.
ALTER TABLE server ADD COLUMN resize_from TEXT;
-- Set: its root disk was made of these bytes, not of image_id (moved here from another host, or brought back from a shelf).
ALTER TABLE server ADD COLUMN disk_image_id TEXT;
ALTER TABLE server ADD COLUMN disk_image_sha512 TEXT NOT NULL DEFAULT '';
-- Shelved: wanted; the image that keeps its disk (none when it boots from a volume); and whether that image is complete.
ALTER TABLE server ADD COLUMN shelved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE server ADD COLUMN shelved_at BIGINT;
ALTER TABLE server ADD COLUMN shelf_image_id TEXT;
ALTER TABLE server ADD COLUMN shelf_full BIGINT NOT NULL DEFAULT 0;

-- A host that is not the server's own (any more) but holds something of it: kept stopped for a way back, or to be removed.
CREATE TABLE server_place (
  server_id TEXT NOT NULL,
  host_id TEXT NOT NULL,
  want TEXT NOT NULL,
  generation BIGINT NOT NULL,
  seen TEXT NOT NULL,
  seen_generation BIGINT NOT NULL,
  PRIMARY KEY (server_id, host_id)
);
CREATE INDEX server_place_host ON server_place (host_id);

CREATE TABLE server_migration (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  server_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  source_host_id TEXT,
  target_host_id TEXT,
  old_flavor_id TEXT NOT NULL,
  new_flavor_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX server_migration_server ON server_migration (server_id, id);

-- Labels that an owner puts on a port or a volume of a server, for programs in the guest to find it by.
CREATE TABLE server_device_tag (
  server_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  device_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (server_id, kind, device_id)
);

-- A backup: how many of its kind are kept once it is complete.
ALTER TABLE server_snapshot ADD COLUMN rotation BIGINT;
ALTER TABLE server_snapshot ADD COLUMN backup_kind TEXT;
