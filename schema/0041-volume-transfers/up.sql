-- A volume that waits for another project to take it. Of the key only a salted hash is kept.
CREATE TABLE volume_transfer (
  id TEXT PRIMARY KEY,
  volume_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  name TEXT,
  salt TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX volume_transfer_volume ON volume_transfer (volume_id);
