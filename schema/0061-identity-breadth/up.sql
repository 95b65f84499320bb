-- Plain stored objects of Identity: policies (nothing evaluates them), and options of domains.
CREATE TABLE stored_policy (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  extra TEXT NOT NULL
);
CREATE TABLE domain_option (
  domain_id TEXT NOT NULL,
  section TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (domain_id, section, name)
);
