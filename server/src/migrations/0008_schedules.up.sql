-- Schedules, what became of each of their fires, and named calendars of days on which nothing fires.
-- next_due is the cursor: everything before it is settled, and it moves only once the start it stands for is durable.

CREATE TABLE schedule_calendars (
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(100) NOT NULL,
  -- 2026-12-25, or 12-25 for every year.
  dates text[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, name)
);

CREATE TABLE schedules (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  -- The trigger's id inside the definition; null = the manual one, or the only one.
  trigger_node text,
  -- Made by publishing the workflow, and changed only that way.
  managed boolean NOT NULL DEFAULT false,
  name varchar(255) NOT NULL,
  -- When, and by which policies, as JSON of the API.
  spec text NOT NULL,
  policy text NOT NULL,
  input text,
  paused boolean NOT NULL DEFAULT false,
  pause_reason text,
  paused_at timestamptz,
  paused_by text,
  next_due timestamptz,
  -- next_due with its jitter.
  next_fire_at timestamptz,
  -- Failed executions in a row.
  failures integer NOT NULL DEFAULT 0,
  -- Raised by every change of a person; not by fires.
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, org_id),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX schedules_list ON schedules (org_id, id DESC);
CREATE INDEX schedules_workflow ON schedules (workflow_id);
CREATE UNIQUE INDEX schedules_managed ON schedules (workflow_id, trigger_node) WHERE managed;

CREATE TABLE schedule_fires (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  -- The start key after schedule/ID/: the due time, and for what people ask for more.
  key text NOT NULL,
  kind varchar(20) NOT NULL CHECK (kind IN ('schedule', 'manual', 'backfill')),
  due timestamptz NOT NULL,
  fired_at timestamptz NOT NULL DEFAULT now(),
  outcome varchar(20) NOT NULL CHECK (outcome IN ('started', 'skipped', 'buffered', 'missed')),
  -- Of several missed ones that stand in one row.
  count integer NOT NULL DEFAULT 1,
  reason text,
  -- Of what waits in the buffer, when it is not the schedule's own.
  overlap varchar(20),
  execution_id uuid,
  -- How the execution ended; null = it is open.
  ended varchar(20),
  UNIQUE (schedule_id, key),
  FOREIGN KEY (schedule_id, org_id) REFERENCES schedules (id, org_id) ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX schedule_fires_list ON schedule_fires (schedule_id, due DESC, id DESC);
CREATE INDEX schedule_fires_open ON schedule_fires (schedule_id)
  WHERE outcome = 'buffered' OR (outcome = 'started' AND ended IS NULL);

CALL wall_tenant('schedule_calendars');
CALL wall_tenant('schedules');
CALL wall_tenant('schedule_fires');
CALL open_to_engine('schedule_calendars');
CALL open_to_engine('schedules');
CALL open_to_engine('schedule_fires');
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_calendars, schedules, schedule_fires TO auraos_api;
GRANT SELECT ON schedule_calendars TO auraos_engine;
GRANT SELECT, UPDATE ON schedules TO auraos_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_fires TO auraos_engine;
