-- Requests that others decide, and what an organisation demands: see docs/approvals.md.
CREATE TABLE approval_request (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  project_id TEXT NOT NULL,
  requester_id TEXT NOT NULL,
  requester TEXT NOT NULL,
  wish TEXT NOT NULL,
  microversion TEXT,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  revision BIGINT NOT NULL,
  plan TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  steps TEXT NOT NULL,
  step BIGINT NOT NULL,
  step_since BIGINT NOT NULL,
  executor TEXT,
  outcome TEXT,
  error TEXT,
  generation BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX approval_request_requester ON approval_request (requester_id, id);
CREATE INDEX approval_request_project ON approval_request (project_id, id);
CREATE INDEX approval_request_state ON approval_request (state, id);

CREATE TABLE approval_decision (
  id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  step BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  decision TEXT NOT NULL,
  comment TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX approval_decision_request ON approval_decision (request_id, id);

-- One row for each node of the tree that has rules of its own; a node without one has those of the nearest above.
CREATE TABLE approval_rule (
  node_id TEXT PRIMARY KEY,
  steps TEXT NOT NULL,
  demands TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
