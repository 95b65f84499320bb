-- The database itself refuses to change or remove audit rows. Only two ways are open: an unchained row gets its place in
-- the chain, and rows at or below a signed stub go when their time is over. Whoever removes these triggers meets the chain.
CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
WHEN OLD.seq IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.user_id IS NOT OLD.user_id OR NEW.user_name IS NOT OLD.user_name
  OR NEW.user_domain_id IS NOT OLD.user_domain_id OR NEW.project_id IS NOT OLD.project_id OR NEW.domain_id IS NOT OLD.domain_id OR NEW.scope IS NOT OLD.scope
  OR NEW.roles IS NOT OLD.roles OR NEW.request_id IS NOT OLD.request_id OR NEW.remote IS NOT OLD.remote OR NEW.agent IS NOT OLD.agent OR NEW.verb IS NOT OLD.verb
  OR NEW.kind IS NOT OLD.kind OR NEW.resource_id IS NOT OLD.resource_id OR NEW.resource_project_id IS NOT OLD.resource_project_id OR NEW.result IS NOT OLD.result
  OR NEW.status IS NOT OLD.status OR NEW.detail IS NOT OLD.detail OR NEW.was IS NOT OLD.was OR NEW.became IS NOT OLD.became
BEGIN
  SELECT RAISE(ABORT, 'audit rows are never changed');
END;
CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit
WHEN OLD.seq IS NULL OR OLD.seq > COALESCE((SELECT MAX(seq) FROM audit_stub), 0)
BEGIN
  SELECT RAISE(ABORT, 'audit rows are never removed before their time');
END;
CREATE TRIGGER audit_stub_no_change BEFORE UPDATE ON audit_stub BEGIN SELECT RAISE(ABORT, 'stubs are never changed'); END;
CREATE TRIGGER audit_stub_no_removal BEFORE DELETE ON audit_stub BEGIN SELECT RAISE(ABORT, 'stubs are never removed'); END;
CREATE TRIGGER audit_head_no_change BEFORE UPDATE ON audit_head BEGIN SELECT RAISE(ABORT, 'heads are never changed'); END;
CREATE TRIGGER audit_key_no_change BEFORE UPDATE ON audit_key BEGIN SELECT RAISE(ABORT, 'keys are never changed'); END;
CREATE TRIGGER audit_key_no_removal BEFORE DELETE ON audit_key BEGIN SELECT RAISE(ABORT, 'keys are never removed'); END;
