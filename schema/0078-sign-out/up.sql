-- Tokens that were issued before this moment are worth nothing any more.
ALTER TABLE account ADD COLUMN signed_out_at BIGINT;
