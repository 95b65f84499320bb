-- Compute in its breadth: what later microversions show of servers, and groups, aggregates, tags, numbers.
ALTER TABLE server ADD COLUMN description TEXT;
ALTER TABLE server ADD COLUMN locked_reason TEXT;
ALTER TABLE server ADD COLUMN hostname TEXT;
ALTER TABLE server ADD COLUMN launch_index BIGINT NOT NULL DEFAULT 0;
ALTER TABLE server ADD COLUMN disk_config TEXT NOT NULL DEFAULT 'MANUAL';
CREATE INDEX server_created ON server (project_id, created_at, id);
CREATE TABLE server_tag (
  server_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (server_id, tag)
);
CREATE TABLE server_group (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  most_per_host BIGINT,
  created_at BIGINT NOT NULL
);
CREATE TABLE server_group_member (
  server_id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL
);
CREATE INDEX server_group_member_group ON server_group_member (group_id);
-- Numbers that are given once and never again, for ids that clients expect to be whole numbers.
CREATE TABLE compute_number (
  kind TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);
CREATE TABLE compute_host (
  host_id TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  forced_down BIGINT NOT NULL
);
CREATE TABLE aggregate (
  id BIGINT PRIMARY KEY,
  long_id TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  zone TEXT,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT
);
CREATE TABLE aggregate_host (
  aggregate_id BIGINT NOT NULL,
  host_id TEXT NOT NULL,
  zone_before TEXT NOT NULL,
  PRIMARY KEY (aggregate_id, host_id)
);
ALTER TABLE flavor ADD COLUMN description TEXT;
-- Flavors that were deleted while servers had them: those servers still show what they were made of.
CREATE TABLE retired_flavor (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  ephemeral_gib BIGINT NOT NULL,
  swap_mib BIGINT NOT NULL,
  extra_specs TEXT NOT NULL
);
ALTER TABLE keypair ADD COLUMN kind TEXT NOT NULL DEFAULT 'ssh';
ALTER TABLE keypair ADD COLUMN number BIGINT NOT NULL DEFAULT 1;
ALTER TABLE server_action ADD COLUMN finished_at BIGINT;
