-- When a run of a task was admitted before: what is tried again starts again, and each start counts for the rates of its pools.
-- As far back as a rate may look: a day.
ALTER TABLE task_executions ADD COLUMN admitted_before timestamptz[] NOT NULL DEFAULT '{}';
