-- The only place that counts capacity. inventory.used is kept in step with allocation by the same transaction.
CREATE TABLE provider (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  generation BIGINT NOT NULL,
  traits TEXT NOT NULL,
  aggregates TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE inventory (
  provider_id TEXT NOT NULL,
  class TEXT NOT NULL,
  total BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  min_unit BIGINT NOT NULL,
  max_unit BIGINT NOT NULL,
  step_size BIGINT NOT NULL,
  ratio DOUBLE PRECISION NOT NULL,
  used BIGINT NOT NULL,
  PRIMARY KEY (provider_id, class)
);
CREATE TABLE allocation (
  consumer_id TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  class TEXT NOT NULL,
  amount BIGINT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (consumer_id, provider_id, class)
);
CREATE INDEX allocation_provider ON allocation (provider_id);
CREATE TABLE resource_class (
  name TEXT PRIMARY KEY
);
CREATE TABLE trait (
  name TEXT PRIMARY KEY
);
