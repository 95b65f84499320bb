-- Wrong tries from where somebody usually comes from are counted apart, so that others lock nobody out of there.
ALTER TABLE account ADD COLUMN wrong_known BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN wrong_known_at BIGINT NOT NULL DEFAULT 0;
