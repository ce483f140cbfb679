ALTER TABLE task_executions DROP COLUMN admitted_before;
