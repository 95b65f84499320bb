-- Break-glass: one of the three administrators asks for a new password for an account that nobody may touch otherwise, another
-- one agrees, and for a short time the password can be set once. Nothing here is ever deleted.
CREATE TABLE break_glass (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_as TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  agreed_by TEXT,
  agreed_as TEXT,
  agreed_at BIGINT,
  used_by TEXT,
  used_at BIGINT,
  closed_by TEXT,
  closed_at BIGINT
);
CREATE INDEX break_glass_asked ON break_glass (asked_at);
