-- A role that a bureau made itself: the rules that it lets pass, a JSON list. Null: it only implies other roles.
ALTER TABLE role ADD COLUMN rules TEXT;
