DROP INDEX workflow_limits_list;
DROP INDEX task_executions_open_of_task;
