-- Tasks that run: what hangs on what, one row per run with why it waits and how far it is, and pools of places that
-- runs share. A run carries a copy of what it needs (plan), so that a task may be changed while its runs wait.

ALTER TABLE tasks
  ADD COLUMN env_id uuid,
  -- What really runs: the workflow that was named, or one made for the node or the script.
  ADD COLUMN workflow_id uuid,
  ADD COLUMN has_own_workflow boolean NOT NULL DEFAULT false,
  ADD COLUMN owner text,
  ADD COLUMN actor text,
  -- The rest of the definition, as JSON of the API.
  ADD COLUMN settings text NOT NULL DEFAULT '{}',
  ADD COLUMN paused boolean NOT NULL DEFAULT false,
  -- Median of the last runs that succeeded, ms.
  ADD COLUMN measured_ms bigint,
  ADD COLUMN revision integer NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX tasks_name ON tasks (org_id, lower(name));
CREATE INDEX tasks_workflow ON tasks (workflow_id);

CREATE TABLE task_dependencies (
  org_id uuid NOT NULL,
  task_id uuid NOT NULL,
  needs_task_id uuid NOT NULL,
  condition varchar(20) NOT NULL CHECK (condition IN ('success', 'failure', 'completion')),
  -- An outcome older than this does not count, seconds.
  within_seconds integer,
  place integer NOT NULL,
  PRIMARY KEY (task_id, needs_task_id),
  CHECK (task_id <> needs_task_id),
  FOREIGN KEY (task_id, org_id) REFERENCES tasks (id, org_id) ON DELETE CASCADE,
  FOREIGN KEY (needs_task_id, org_id) REFERENCES tasks (id, org_id)
);
CREATE INDEX task_dependencies_needs ON task_dependencies (needs_task_id);

-- started_at is null of a run that waits.
ALTER TABLE task_executions
  ADD COLUMN env_id uuid,
  -- Runs that were planned together, each after those it needs.
  ADD COLUMN flow_id uuid,
  ADD COLUMN kind varchar(20) NOT NULL DEFAULT 'manual' CHECK (kind IN ('manual', 'schedule', 'dependency', 'fallback')),
  -- The same key of a task is the same run.
  ADD COLUMN key text,
  ADD COLUMN due timestamptz,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN ready_at timestamptz,
  ADD COLUMN admitted_at timestamptz,
  ADD COLUMN not_before timestamptz,
  ADD COLUMN deadline_at timestamptz,
  ADD COLUMN attempt integer NOT NULL DEFAULT 1,
  ADD COLUMN priority integer NOT NULL DEFAULT 0,
  ADD COLUMN fair_key text NOT NULL DEFAULT '',
  -- {"pool": places}
  ADD COLUMN resources text NOT NULL DEFAULT '{}',
  ADD COLUMN plan text NOT NULL DEFAULT '{}',
  ADD COLUMN reason text,
  ADD COLUMN workflow_id uuid,
  ADD COLUMN execution_id uuid,
  ADD COLUMN actor text,
  -- Percent; it only grows.
  ADD COLUMN progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  ADD COLUMN stage text,
  ADD COLUMN estimated_ms bigint;
ALTER TABLE task_executions ADD CHECK
  (status IN ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'));
CREATE UNIQUE INDEX task_executions_key ON task_executions (task_id, key);
CREATE INDEX task_executions_flow ON task_executions (flow_id);
CREATE INDEX task_executions_open ON task_executions (status, id) WHERE status IN ('waiting', 'queued', 'running');
CREATE INDEX task_executions_changed ON task_executions (updated_at);
CREATE INDEX task_executions_admitted ON task_executions (admitted_at) WHERE admitted_at IS NOT NULL;
CREATE UNIQUE INDEX task_executions_execution ON task_executions (execution_id) WHERE execution_id IS NOT NULL;

ALTER TABLE task_schedules
  ADD COLUMN env_id uuid,
  -- When, and by which policies, as JSON of the API; cron_expression is a copy for people.
  ADD COLUMN spec text NOT NULL DEFAULT '{}',
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX task_schedules_one ON task_schedules (task_id);

CREATE TABLE pools (
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(100) NOT NULL,
  -- Whose runs take a place without being asked: nobody's, everybody's, those of a workflow, those that use a connection.
  scope varchar(20) NOT NULL DEFAULT 'named' CHECK (scope IN ('named', 'tenant', 'workflow', 'connection')),
  scope_id text,
  -- Places that may be held at once; null = as many as there are.
  slots integer CHECK (slots > 0),
  -- Starts within any stretch of rate_seconds; null = unlimited.
  rate_count integer CHECK (rate_count > 0),
  rate_seconds integer CHECK (rate_seconds BETWEEN 1 AND 86400),
  -- {"key": weight} for sharing; 1 when absent.
  weights text NOT NULL DEFAULT '{}',
  paused boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, name),
  CHECK ((rate_count IS NULL) = (rate_seconds IS NULL)),
  CHECK ((scope IN ('workflow', 'connection')) = (scope_id IS NOT NULL))
);

CALL wall_tenant('task_dependencies');
CALL wall_tenant('pools');
CALL open_to_engine('tasks');
CALL open_to_engine('task_dependencies');
CALL open_to_engine('task_executions');
CALL open_to_engine('task_schedules');
CALL open_to_engine('pools');
GRANT SELECT, INSERT, UPDATE, DELETE ON task_dependencies, pools TO auraos_api;
GRANT SELECT ON tasks, task_dependencies, pools TO auraos_engine;
-- What the runner learns of a task; what people wrote stays theirs.
GRANT UPDATE (status, measured_ms) ON tasks TO auraos_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON task_executions TO auraos_engine;
GRANT SELECT, UPDATE ON task_schedules TO auraos_engine;
