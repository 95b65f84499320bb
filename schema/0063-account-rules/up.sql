-- What a user's sign-in is subject to: options, wrong tries in a row, earlier passwords, and the last one-time code that was used.
ALTER TABLE account ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE account ADD COLUMN wrong_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN wrong_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN earlier_hashes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE account ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
