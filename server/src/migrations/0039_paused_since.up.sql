-- Since when a workflow starts nothing: what needs a person is listed by how long it has waited.
ALTER TABLE workflow_limits ADD COLUMN paused_at timestamptz;
UPDATE workflow_limits SET paused_at = updated_at WHERE paused;
GRANT UPDATE (paused_at) ON workflow_limits TO auraos_engine;
