-- QoS policies with their rules, and who follows them.
CREATE TABLE qos_policy (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  is_default BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  observed_generation BIGINT NOT NULL,
  fault TEXT
);
CREATE INDEX qos_policy_project ON qos_policy (project_id);

CREATE TABLE qos_rule (
  id TEXT PRIMARY KEY,
  policy_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT,
  max_kbps BIGINT,
  max_burst_kbps BIGINT,
  dscp_mark INTEGER
);
CREATE INDEX qos_rule_policy ON qos_rule (policy_id);

ALTER TABLE network ADD COLUMN qos_policy_id TEXT;
ALTER TABLE port ADD COLUMN qos_policy_id TEXT;
