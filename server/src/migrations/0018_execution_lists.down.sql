DROP INDEX workflow_executions_parent;
DROP INDEX workflow_executions_error;
DROP INDEX workflow_executions_failed;
