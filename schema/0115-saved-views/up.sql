-- Views of lists that people keep under a name: which list, and the query part of its address (filters, order, columns).
CREATE TABLE saved_view (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (user_id, page, name);
