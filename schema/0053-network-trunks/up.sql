-- Trunks: ports that carry other ports, each under its VLAN; and floating IPs of which single ports lead inwards.
CREATE TABLE trunk (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  port_id TEXT NOT NULL UNIQUE,
  admin_state_up BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX trunk_project ON trunk (project_id);

CREATE TABLE trunk_subport (
  port_id TEXT PRIMARY KEY,
  trunk_id TEXT NOT NULL,
  vlan INTEGER NOT NULL
);
CREATE UNIQUE INDEX trunk_subport_vlan ON trunk_subport (trunk_id, vlan);

CREATE TABLE port_forwarding (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  floating_ip_id TEXT NOT NULL,
  protocol TEXT NOT NULL,
  external_port INTEGER NOT NULL,
  internal_port_id TEXT NOT NULL,
  internal_ip TEXT NOT NULL,
  internal_port INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE UNIQUE INDEX port_forwarding_once ON port_forwarding (floating_ip_id, protocol, external_port);
CREATE INDEX port_forwarding_port ON port_forwarding (internal_port_id);
