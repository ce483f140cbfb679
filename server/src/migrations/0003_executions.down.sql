DROP VIEW workflow_executions_json;
DROP FUNCTION payload_jsonb(text);
DROP TABLE blobs, engine_lease, inbox, waits, start_keys, effects, snapshots, turns, open_executions, workflow_executions;
DROP FUNCTION tell_engine();
DROP FUNCTION refuse_start_key();
