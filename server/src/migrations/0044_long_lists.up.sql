-- The newest open run of a task, however many wait. Ordered by time, because in the order of ids PostgreSQL would rather read
-- the primary key from its end, for each task through all that wait.
CREATE INDEX task_executions_open_of_task ON task_executions (task_id, created_at DESC, id DESC)
  WHERE status IN ('waiting', 'queued', 'running');
-- What is paused first, page by page.
CREATE INDEX workflow_limits_list ON workflow_limits (org_id, paused, workflow_id);
