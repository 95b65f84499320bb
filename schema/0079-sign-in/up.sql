-- What a domain demands of those who sign in, who is signed in, and when that was before.
CREATE TABLE sign_in_policy (
  domain_id TEXT PRIMARY KEY,
  second_factor BOOLEAN NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE sign_in_session (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  methods TEXT NOT NULL,
  scope TEXT NOT NULL,
  target_id TEXT,
  remote TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX sign_in_session_user ON sign_in_session (user_id, id);
ALTER TABLE account ADD COLUMN came_at BIGINT;
ALTER TABLE account ADD COLUMN came_from TEXT;
ALTER TABLE account ADD COLUMN came_before_at BIGINT;
ALTER TABLE account ADD COLUMN came_before_from TEXT;
ALTER TABLE account ADD COLUMN failed_before BIGINT NOT NULL DEFAULT 0;
