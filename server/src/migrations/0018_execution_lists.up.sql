-- Lists of executions that answer at a million rows. The columns of these indexes are set when an execution starts or
-- fails: the update that ends a good one still touches no index.
CREATE INDEX workflow_executions_failed ON workflow_executions (org_id, id DESC) WHERE error_code IS NOT NULL;
CREATE INDEX workflow_executions_error ON workflow_executions (org_id, error_code, id DESC) WHERE error_code IS NOT NULL;
CREATE INDEX workflow_executions_parent ON workflow_executions (parent_id, id DESC) WHERE parent_id IS NOT NULL;
