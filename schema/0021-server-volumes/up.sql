-- A volume that a shelved server wants: reserved for it until a host has it.
ALTER TABLE volume_attachment ADD COLUMN parked BOOLEAN NOT NULL DEFAULT false;
