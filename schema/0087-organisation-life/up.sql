-- Organisations that end: everything that they own is deleted first, however long that takes.
CREATE TABLE organisation_closing (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  -- what could not be deleted in the last pass, and why: a JSON list of texts
  blocked TEXT NOT NULL
);
