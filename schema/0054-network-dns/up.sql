-- Names of ports inside their network, and the domain that a network's names end with.
ALTER TABLE port ADD COLUMN dns_name TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN dns_domain TEXT NOT NULL DEFAULT '';
