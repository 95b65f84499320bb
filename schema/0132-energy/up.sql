-- Energy: the hour that is being counted, and for each host, each project and the cloud one row a month with all of its hours.
CREATE TABLE energy_open (
  id TEXT PRIMARY KEY,
  hour BIGINT NOT NULL,
  at BIGINT NOT NULL,
  data TEXT NOT NULL
);
CREATE TABLE energy_month (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  month BIGINT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (kind, id, month)
);
CREATE INDEX energy_month_by_month ON energy_month (month);
