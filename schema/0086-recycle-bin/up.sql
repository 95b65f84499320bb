-- What was deleted and can still be had back: see docs/keeping.md. No row for a node: the nearest above decides.
CREATE TABLE recycle_rule (
  node_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  seconds BIGINT NOT NULL,
  PRIMARY KEY (node_id, kind)
);
ALTER TABLE server ADD COLUMN recycled_at BIGINT;
ALTER TABLE server ADD COLUMN recycled_until BIGINT;
ALTER TABLE server ADD COLUMN recycled_want TEXT;
ALTER TABLE volume ADD COLUMN recycled_at BIGINT;
ALTER TABLE volume ADD COLUMN recycled_until BIGINT;
ALTER TABLE image ADD COLUMN recycled_at BIGINT;
ALTER TABLE image ADD COLUMN recycled_until BIGINT;

-- What nobody deletes until the protection is lifted.
CREATE TABLE protection (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
