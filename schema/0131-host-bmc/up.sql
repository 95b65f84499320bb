-- What switches a host: the kind of its controller, where it is, whom it knows, and what it showed last.
CREATE TABLE host_bmc (
  host_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  port BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  sealed_password TEXT,
  fingerprint TEXT,
  authority TEXT,
  system_id TEXT,
  mac TEXT,
  changed_at BIGINT NOT NULL,
  model TEXT NOT NULL,
  watts DOUBLE PRECISION,
  watts_at BIGINT NOT NULL
);
