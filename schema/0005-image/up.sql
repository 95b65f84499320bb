-- Images. The status is computed: data_file = there is data, saving_until = somebody is writing it right now.
CREATE TABLE image (
  id TEXT PRIMARY KEY,
  name TEXT,
  owner_id TEXT NOT NULL,
  visibility TEXT NOT NULL,
  hidden BOOLEAN NOT NULL,
  protected BOOLEAN NOT NULL,
  deactivated BOOLEAN NOT NULL,
  container_format TEXT,
  disk_format TEXT,
  min_disk INTEGER NOT NULL,
  min_ram INTEGER NOT NULL,
  size BIGINT,
  virtual_size BIGINT,
  md5 TEXT,
  sha512 TEXT,
  data_file TEXT,
  upload_id TEXT,
  saving_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX image_owner ON image (owner_id);
CREATE INDEX image_visibility ON image (visibility);
CREATE INDEX image_created ON image (created_at, id);

CREATE TABLE image_property (
  image_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (image_id, name)
);

CREATE TABLE image_tag (
  image_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (image_id, tag)
);

CREATE TABLE image_member (
  image_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (image_id, member_id)
);
CREATE INDEX image_member_of ON image_member (member_id);
