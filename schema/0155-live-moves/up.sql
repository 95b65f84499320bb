-- Where other hosts reach this one when a guest moves while it runs; empty = guests do not move so.
ALTER TABLE host ADD COLUMN move_address TEXT NOT NULL DEFAULT '';
-- Of a place that a running guest leaves: the size of its root disk, whether the new host awaits it, and why it could not leave.
ALTER TABLE server_place ADD COLUMN disk_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE server_place ADD COLUMN awaited BIGINT NOT NULL DEFAULT 0;
ALTER TABLE server_place ADD COLUMN fault TEXT;
-- The host that a port's guest is moving to while it runs: both may carry the port until it is there.
ALTER TABLE port ADD COLUMN moves_to TEXT;
