-- The power of a host: whether the cloud wants it on, why and since when; and what its BMC (or its agent) showed last.
ALTER TABLE host ADD COLUMN power_wanted TEXT NOT NULL DEFAULT 'on';
ALTER TABLE host ADD COLUMN power_why TEXT NOT NULL DEFAULT '';
ALTER TABLE host ADD COLUMN power_wanted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN power_generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN power_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN power_seen TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE host ADD COLUMN power_seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN power_fault TEXT;
