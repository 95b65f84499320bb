-- The audit log masks columns by their names: what holds hashes of passwords is called so.
ALTER TABLE account RENAME COLUMN earlier_hashes TO earlier_passwords;
