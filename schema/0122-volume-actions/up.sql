-- What was asked of a volume, a snapshot or a backup that takes its time, and when its host had done it.
CREATE TABLE volume_action (
  id TEXT PRIMARY KEY,
  volume_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX volume_action_volume ON volume_action (volume_id);
CREATE INDEX volume_action_ended ON volume_action (ended_at);

-- The task centre asks for what is not done and for what was done last.
CREATE INDEX server_action_open ON server_action (started_at) WHERE finished_at IS NULL;
CREATE INDEX server_action_finished ON server_action (finished_at);
