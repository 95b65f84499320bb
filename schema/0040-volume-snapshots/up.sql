-- A snapshot is a volume that no client can attach: a copy on the same host, made at one point in time. snapshot_of says
-- of which volume; snapshot_id says of which snapshot a volume was made.
ALTER TABLE volume ADD COLUMN snapshot_of TEXT;
ALTER TABLE volume ADD COLUMN snapshot_id TEXT;
CREATE INDEX volume_snapshot_of ON volume (snapshot_of);
