-- The same as up.sql says, in PostgreSQL's words.
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit' AND TG_OP = 'UPDATE' THEN
    IF OLD.seq IS NULL AND to_jsonb(NEW) - 'seq' - 'hash' - 'form' - 'resource_domain_id' = to_jsonb(OLD) - 'seq' - 'hash' - 'form' - 'resource_domain_id' THEN
      RETURN NEW;
    END IF;
  ELSIF TG_TABLE_NAME = 'audit' AND TG_OP = 'DELETE' THEN
    IF OLD.seq <= (SELECT MAX(seq) FROM audit_stub) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed, nor removed before their time', TG_TABLE_NAME;
END;
$$;
CREATE FUNCTION audit_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never removed before their time', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_truncate();
CREATE TRIGGER audit_stub_keep BEFORE UPDATE OR DELETE ON audit_stub FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_head_keep BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_key_keep BEFORE UPDATE OR DELETE ON audit_key FOR EACH ROW EXECUTE FUNCTION audit_keep();
