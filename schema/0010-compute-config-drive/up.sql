-- Config drives, and server images that are being copied (so that another turn begins anew when a process dies).
ALTER TABLE server ADD COLUMN config_drive BIGINT NOT NULL DEFAULT 0;
CREATE TABLE server_snapshot (
  image_id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  started_at BIGINT NOT NULL
);
