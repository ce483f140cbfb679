DROP TABLE pools;
DROP TABLE task_dependencies;
REVOKE ALL ON tasks, task_executions, task_schedules FROM auraos_engine;
DROP POLICY engine ON tasks;
DROP POLICY engine ON task_executions;
DROP POLICY engine ON task_schedules;

DROP INDEX task_schedules_one;
ALTER TABLE task_schedules DROP COLUMN env_id, DROP COLUMN spec, DROP COLUMN updated_at;

DROP INDEX task_executions_key, task_executions_flow, task_executions_open, task_executions_changed,
  task_executions_admitted, task_executions_execution;
ALTER TABLE task_executions DROP CONSTRAINT task_executions_status_check;
ALTER TABLE task_executions DROP COLUMN env_id, DROP COLUMN flow_id, DROP COLUMN kind, DROP COLUMN key, DROP COLUMN due,
  DROP COLUMN created_at, DROP COLUMN updated_at, DROP COLUMN ready_at, DROP COLUMN admitted_at, DROP COLUMN not_before,
  DROP COLUMN deadline_at, DROP COLUMN attempt, DROP COLUMN priority, DROP COLUMN fair_key, DROP COLUMN resources,
  DROP COLUMN plan, DROP COLUMN reason, DROP COLUMN workflow_id, DROP COLUMN execution_id, DROP COLUMN actor,
  DROP COLUMN progress, DROP COLUMN stage, DROP COLUMN estimated_ms;

DROP INDEX tasks_name, tasks_workflow;
ALTER TABLE tasks DROP COLUMN env_id, DROP COLUMN workflow_id, DROP COLUMN has_own_workflow, DROP COLUMN owner,
  DROP COLUMN actor, DROP COLUMN settings, DROP COLUMN paused, DROP COLUMN measured_ms, DROP COLUMN revision;
