-- A grant may end by the clock: from then on it is as if it had never been made.
ALTER TABLE assignment ADD COLUMN expires_at BIGINT;
