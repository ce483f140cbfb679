ALTER TABLE workflow_limits DROP COLUMN pause_parts;
ALTER TABLE schedules DROP COLUMN pause_parts;
ALTER TABLE schedule_fires DROP COLUMN reason_parts;
ALTER TABLE task_executions DROP COLUMN reason_parts;
ALTER TABLE alerts DROP COLUMN detail_parts;
ALTER TABLE alerts DROP COLUMN title_parts;
