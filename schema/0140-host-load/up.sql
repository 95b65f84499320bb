-- What the use of a simulated host's guests follows: recorded days, or a made-up one. Empty on real hosts.
ALTER TABLE host ADD COLUMN load_source TEXT NOT NULL DEFAULT '';
