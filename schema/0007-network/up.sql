-- Network (Neutron v2.0): what clients want of the virtual network, and what was seen of it.
CREATE TABLE network (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  admin_state_up BOOLEAN NOT NULL,
  shared BOOLEAN NOT NULL,
  external BOOLEAN NOT NULL,
  mtu INTEGER NOT NULL,
  port_security_enabled BOOLEAN NOT NULL,
  provider_type TEXT NOT NULL,
  physical_network TEXT,
  segmentation_id INTEGER,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX network_project ON network (project_id);

CREATE TABLE subnet (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  cidr TEXT NOT NULL,
  gateway_ip TEXT,
  enable_dhcp BOOLEAN NOT NULL,
  pools TEXT NOT NULL,
  host_routes TEXT NOT NULL,
  dns_servers TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX subnet_network ON subnet (network_id);
CREATE INDEX subnet_project ON subnet (project_id);

CREATE TABLE port (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  mac TEXT NOT NULL,
  admin_state_up BOOLEAN NOT NULL,
  device_id TEXT NOT NULL,
  device_owner TEXT NOT NULL,
  port_security_enabled BOOLEAN NOT NULL,
  address_pairs TEXT NOT NULL,
  vnic_type TEXT NOT NULL,
  binding_profile TEXT NOT NULL,
  host_id TEXT,
  made_by_compute BOOLEAN NOT NULL,
  seen_up BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE UNIQUE INDEX port_mac ON port (network_id, mac);
CREATE INDEX port_project ON port (project_id);
CREATE INDEX port_device ON port (device_id);
CREATE INDEX port_host ON port (host_id);

CREATE TABLE port_address (
  subnet_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  network_id TEXT NOT NULL,
  port_id TEXT NOT NULL,
  ip TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (subnet_id, number)
);
CREATE INDEX port_address_port ON port_address (port_id);
CREATE INDEX port_address_ip ON port_address (ip);

CREATE TABLE port_security_group (
  port_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  PRIMARY KEY (port_id, group_id)
);
CREATE INDEX port_security_group_group ON port_security_group (group_id);

CREATE TABLE security_group (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  is_default BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX security_group_project ON security_group (project_id);

-- "identity" is the normalised rule: two equal rules in one group cannot exist.
CREATE TABLE security_group_rule (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  direction TEXT NOT NULL,
  ethertype TEXT NOT NULL,
  protocol TEXT,
  port_min INTEGER,
  port_max INTEGER,
  remote_ip_prefix TEXT,
  remote_group_id TEXT,
  identity TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE UNIQUE INDEX security_group_rule_identity ON security_group_rule (group_id, identity);
CREATE INDEX security_group_rule_project ON security_group_rule (project_id);

CREATE TABLE router (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  admin_state_up BOOLEAN NOT NULL,
  gateway_port_id TEXT,
  gateway_network_id TEXT,
  enable_snat BOOLEAN NOT NULL,
  routes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX router_project ON router (project_id);

-- own_port_id holds the address on the external network; port_id and fixed_ip say where it leads.
CREATE TABLE floating_ip (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  network_id TEXT NOT NULL,
  subnet_id TEXT NOT NULL,
  ip TEXT NOT NULL,
  own_port_id TEXT NOT NULL,
  port_id TEXT,
  fixed_ip TEXT,
  router_id TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE UNIQUE INDEX floating_ip_target ON floating_ip (port_id, fixed_ip);
CREATE INDEX floating_ip_project ON floating_ip (project_id);
CREATE INDEX floating_ip_router ON floating_ip (router_id);
