-- Servers: what is wanted (want_*, *_count), what the host reported (seen_*), and nothing that somebody must reset.
CREATE TABLE flavor (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  vcpus BIGINT NOT NULL,
  ram_mib BIGINT NOT NULL,
  disk_gib BIGINT NOT NULL,
  ephemeral_gib BIGINT NOT NULL,
  swap_mib BIGINT NOT NULL,
  rxtx_factor DOUBLE PRECISION NOT NULL,
  is_public BIGINT NOT NULL,
  extra_specs TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE flavor_access (
  flavor_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  PRIMARY KEY (flavor_id, project_id)
);
CREATE TABLE keypair (
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, name)
);
CREATE TABLE server (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reservation_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  launched_at BIGINT,
  deleted_at BIGINT,
  generation BIGINT NOT NULL,
  wanted_at BIGINT NOT NULL,
  want TEXT NOT NULL,
  reboot_count BIGINT NOT NULL,
  reboot_hard BIGINT NOT NULL,
  rebuild_count BIGINT NOT NULL,
  host_id TEXT,
  zone TEXT NOT NULL,
  image_id TEXT,
  image_sha512 TEXT NOT NULL,
  image_format TEXT NOT NULL,
  image_properties TEXT NOT NULL,
  flavor_id TEXT NOT NULL,
  vcpus BIGINT NOT NULL,
  ram_mib BIGINT NOT NULL,
  disk_gib BIGINT NOT NULL,
  key_name TEXT,
  public_key TEXT,
  user_data TEXT,
  metadata TEXT NOT NULL,
  locked BIGINT NOT NULL,
  access_ipv4 TEXT NOT NULL,
  access_ipv6 TEXT NOT NULL,
  fault TEXT,
  fault_at BIGINT,
  seen_generation BIGINT NOT NULL,
  seen TEXT NOT NULL,
  seen_reboot_count BIGINT NOT NULL,
  seen_rebuild_count BIGINT NOT NULL,
  seen_fault TEXT,
  seen_progress TEXT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX server_project ON server (project_id, id);
CREATE INDEX server_host ON server (host_id);
CREATE TABLE server_action (
  id TEXT PRIMARY KEY,
  server_id TEXT NOT NULL,
  action TEXT NOT NULL,
  request_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  message TEXT
);
CREATE INDEX server_action_server ON server_action (server_id, id);
