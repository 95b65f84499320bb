-- Providers may lie inside others, and a consumer may say of what type it is.
ALTER TABLE provider ADD COLUMN parent_id TEXT;
CREATE INDEX provider_parent ON provider (parent_id);
ALTER TABLE consumer ADD COLUMN type TEXT;
