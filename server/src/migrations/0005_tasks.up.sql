-- Tasks: single pieces of work with a schedule, beside workflows. (id, org_id) guards the tenant as in workflows.

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  name varchar(255) NOT NULL,
  description text,
  type varchar(50) NOT NULL,
  config jsonb NOT NULL,
  schedule_config jsonb,
  status varchar(50) DEFAULT 'pending',
  priority integer DEFAULT 0,
  created_by uuid REFERENCES users (id),
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),

  org_id uuid NOT NULL REFERENCES organizations (id),
  UNIQUE (id, org_id)
);
CREATE INDEX tasks_list ON tasks (org_id, updated_at DESC);

CREATE TABLE task_executions (
  id uuid PRIMARY KEY,
  task_id uuid,
  status varchar(50) DEFAULT 'running',
  started_at timestamptz DEFAULT now(),
  completed_at timestamptz,
  -- Text, as in workflow_executions: docs/decisions/0001.
  result text,
  error_message text,
  execution_time integer,

  org_id uuid NOT NULL,
  FOREIGN KEY (task_id, org_id) REFERENCES tasks (id, org_id) ON DELETE CASCADE
);
CREATE INDEX task_executions_task ON task_executions (task_id, id DESC);
CREATE INDEX task_executions_org ON task_executions (org_id, id DESC);

CREATE TABLE task_schedules (
  id uuid PRIMARY KEY,
  task_id uuid,
  cron_expression varchar(255),
  timezone varchar(50) DEFAULT 'UTC',
  next_run_at timestamptz,
  is_active boolean DEFAULT true,
  created_at timestamptz DEFAULT now(),

  org_id uuid NOT NULL,
  FOREIGN KEY (task_id, org_id) REFERENCES tasks (id, org_id) ON DELETE CASCADE
);
CREATE INDEX task_schedules_task ON task_schedules (task_id);
CREATE INDEX task_schedules_due ON task_schedules (next_run_at) WHERE is_active;

CALL wall_tenant('tasks');
CALL wall_tenant('task_executions');
CALL wall_tenant('task_schedules');
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks, task_executions, task_schedules TO auraos_api;
