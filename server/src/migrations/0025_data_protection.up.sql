-- Data protection: how long each class of data is kept, what is held for a dispute, which fields are hidden from whom, who
-- saw them nevertheless, and what was erased of whom.

-- Days that an organization keeps a class of data, where it differs from the server's default. Closed executions have
-- theirs in organizations.retention_days.
CREATE TABLE retention_policies (
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  class varchar(40) NOT NULL,
  days integer NOT NULL CHECK (days > 0),
  updated_by text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, class)
);

-- While a hold is open nothing of the execution (or of all executions of the workflow) is swept or erased.
CREATE TABLE legal_holds (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  kind varchar(20) NOT NULL CHECK (kind IN ('execution', 'workflow')),
  target_id uuid NOT NULL,
  reason text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  released_by text,
  released_at timestamptz
);
CREATE UNIQUE INDEX legal_holds_open ON legal_holds (org_id, kind, target_id) WHERE released_at IS NULL;
CREATE INDEX legal_holds_list ON legal_holds (org_id, id DESC);

-- A child is held with what started it. Asked only of organizations that have an open hold.
CREATE FUNCTION is_held(execution uuid, workflow uuid, parent uuid) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = public, pg_temp AS $$
  WITH RECURSIVE line AS (
    SELECT execution AS id, workflow AS workflow_id, parent AS parent_id
    UNION
    SELECT e.id, e.workflow_id, e.parent_id FROM line JOIN workflow_executions e ON e.id = line.parent_id)
  SELECT EXISTS (SELECT 1 FROM line JOIN legal_holds h ON h.released_at IS NULL
    AND h.target_id = CASE h.kind WHEN 'execution' THEN line.id ELSE line.workflow_id END)
$$;
REVOKE ALL ON FUNCTION is_held(uuid, uuid, uuid) FROM PUBLIC;

-- Fields that are hidden in what people and keys see of executions; null workflow = of every workflow.
CREATE TABLE redaction_rules (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  workflow_id uuid,
  -- customer.email, *.cardNumber, **.password
  path varchar(300) NOT NULL,
  mode varchar(20) NOT NULL CHECK (mode IN ('hide', 'mask')),
  -- Roles that see the field as it is.
  visible_to text[] NOT NULL DEFAULT '{}',
  note varchar(300),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX redaction_rules_one ON redaction_rules (org_id, workflow_id, path) NULLS NOT DISTINCT;

-- Somebody looked behind a rule: written before the values are given.
CREATE TABLE reveals (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  execution_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  -- The node run whose data was shown; null = input and output of the execution.
  run text,
  reason text NOT NULL,
  revealed_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reveals_list ON reveals (org_id, id DESC);
CREATE INDEX reveals_execution ON reveals (execution_id);

-- One key per person and organization, wrapped by a root key that is not in the database: without its row, what was
-- sealed for the person is noise, wherever a copy of it lies.
CREATE TABLE subject_keys (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Keyed hash of how the person is named, so that the table does not name people.
  mark bytea NOT NULL CHECK (octet_length(mark) = 32),
  root_id varchar(16) NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (org_id, mark)
);

-- The ledger of erasures; a copy of each line stands in a file outside the database, from which it is replayed after a restore.
CREATE TABLE erasures (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  state varchar(20) NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'waiting', 'done')),
  -- The request: whom, by which identifiers. Sealed, since it has to outlive what it erases.
  root_id varchar(16) NOT NULL,
  sealed bytea NOT NULL,
  reason text,
  -- Counts per class, and what was kept and why; names nobody. JSON.
  report text NOT NULL DEFAULT '{}',
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX erasures_list ON erasures (org_id, id DESC);
CREATE INDEX erasures_due ON erasures (next_at) WHERE state <> 'done';

CALL wall_tenant('retention_policies');
CALL wall_tenant('legal_holds');
CALL wall_tenant('redaction_rules');
CALL wall_tenant('reveals');
CALL wall_tenant('subject_keys');
CALL wall_tenant('erasures');
-- Sweeps by the server's defaults leave organizations alone that say something else, or hold something.
CALL open_to_engine('retention_policies');
CALL open_to_engine('legal_holds');
GRANT SELECT ON retention_policies TO auraos_engine;
-- Held in memory: every answer and every live message asks.
CALL open_to_engine('redaction_rules');
GRANT SELECT ON redaction_rules TO auraos_engine;
GRANT SELECT (org_id, released_at) ON legal_holds TO auraos_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_policies, redaction_rules TO auraos_api;
GRANT SELECT, INSERT ON legal_holds, reveals, erasures TO auraos_api;
GRANT UPDATE (released_by, released_at) ON legal_holds TO auraos_api;
GRANT SELECT, INSERT, DELETE ON subject_keys TO auraos_api;
