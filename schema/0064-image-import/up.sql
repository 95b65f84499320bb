-- Images that are filled in two steps: data is staged (staged_file), then a task imports it, or data from the web.
ALTER TABLE image ADD COLUMN staged_file TEXT;
ALTER TABLE image ADD COLUMN import_task TEXT;
ALTER TABLE image ADD COLUMN import_failed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE image_task (
  id TEXT PRIMARY KEY,
  image_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  input TEXT NOT NULL,
  status TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX image_task_image ON image_task (image_id);
CREATE INDEX image_task_status ON image_task (status);
