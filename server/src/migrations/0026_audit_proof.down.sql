REVOKE SELECT ON audit_heads FROM auraos_engine;
REVOKE SELECT (org_id, seq, hash) ON audit_entries FROM auraos_engine;
DROP POLICY engine ON audit_heads;
DROP POLICY engine ON audit_entries;
ALTER TABLE audit_entries DROP COLUMN kind, DROP COLUMN actor, DROP COLUMN object;
