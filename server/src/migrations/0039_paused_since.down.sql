ALTER TABLE workflow_limits DROP COLUMN paused_at;
