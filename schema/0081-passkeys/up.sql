-- Passkeys of people; id: what the authenticator calls it.
CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  public_key TEXT NOT NULL,
  transports TEXT NOT NULL,
  sign_count BIGINT NOT NULL,
  backup_eligible BOOLEAN NOT NULL,
  backed_up BOOLEAN NOT NULL,
  challenge_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX passkey_user ON passkey (user_id, created_at, id);
-- A provider that wants this cloud to prove itself when it exchanges a code.
ALTER TABLE openid_provider ADD COLUMN sealed_secret TEXT;
