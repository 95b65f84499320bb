-- Floating IPs follow QoS policies too: how much of the exit each may carry.
ALTER TABLE floating_ip ADD COLUMN qos_policy_id TEXT;
CREATE INDEX floating_ip_qos_policy ON floating_ip (qos_policy_id);
