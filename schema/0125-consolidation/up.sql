-- Resource integration: policies of clusters, plans with their moves, breaches of what was promised. See docs/consolidation-live.md.
CREATE TABLE consolidation_policy (
  cluster TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  generation BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
);

-- When each cluster was looked at last by itself.
CREATE TABLE consolidation_round (
  cluster TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  words TEXT NOT NULL
);

-- Never changed after it was made, but for who approved, stopped and ended it. body: canonical JSON, exactly these bytes are hashed.
CREATE TABLE consolidation_plan (
  id TEXT PRIMARY KEY,
  cluster TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent_id TEXT,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  approver TEXT,
  approved_by TEXT,
  approved_at BIGINT,
  stopped_by TEXT,
  stopped_why TEXT,
  stopped_at BIGINT,
  failed_why TEXT,
  ended_at BIGINT,
  undone_at BIGINT
);
CREATE INDEX consolidation_plan_cluster ON consolidation_plan (cluster, id);

-- The estate as it was when the plan was made, for the picture.
CREATE TABLE consolidation_picture (
  plan_id TEXT PRIMARY KEY,
  body TEXT NOT NULL
);

CREATE TABLE consolidation_move (
  plan_id TEXT NOT NULL,
  place BIGINT NOT NULL,
  server_id TEXT NOT NULL,
  from_host TEXT NOT NULL,
  to_host TEXT NOT NULL,
  begun_at BIGINT,
  ended_at BIGINT,
  outcome TEXT,
  words TEXT,
  PRIMARY KEY (plan_id, place)
);
CREATE INDEX consolidation_move_begun ON consolidation_move (begun_at);
CREATE INDEX consolidation_move_server ON consolidation_move (server_id, begun_at);

-- Hosts that a plan switches on before its moves or off after them.
CREATE TABLE consolidation_switch (
  plan_id TEXT NOT NULL,
  host_id TEXT NOT NULL,
  turn_on BIGINT NOT NULL,
  asked_at BIGINT,
  ended_at BIGINT,
  words TEXT,
  PRIMARY KEY (plan_id, host_id)
);

CREATE TABLE consolidation_breach (
  id TEXT PRIMARY KEY,
  cluster TEXT NOT NULL,
  host_id TEXT NOT NULL,
  server_id TEXT,
  project_id TEXT,
  kind TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  slo DOUBLE PRECISION NOT NULL,
  since BIGINT NOT NULL,
  ended_at BIGINT,
  did TEXT NOT NULL,
  plan_id TEXT
);
CREATE INDEX consolidation_breach_project ON consolidation_breach (project_id, id);
CREATE INDEX consolidation_breach_open ON consolidation_breach (ended_at, host_id);
