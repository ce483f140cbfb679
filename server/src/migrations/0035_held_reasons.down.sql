REVOKE SELECT ON event_gates FROM auraos_api;
ALTER TABLE event_held DROP COLUMN refusal;
ALTER TABLE event_held DROP COLUMN refusal_code;
