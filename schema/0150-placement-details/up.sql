-- Why a server found no host, host by host: for administrators. Its owner is told how many hosts had which reason.
ALTER TABLE server_action ADD COLUMN details TEXT;
