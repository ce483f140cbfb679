-- The journal. One writer, the engine, appends it in flushes that hold many tenants; everybody else reads.
--   * workflow_executions, turns, snapshots and effects are partitioned by the UUIDv7 execution id, never by a
--     timestamp column: (execution_id, seq) must stay unique. Months are made ahead (retention/partitions.ts); the
--     default partition takes everything else, also the open executions of a month that was dropped.
--   * No foreign keys out of the journal: one failing reference would fail everybody's flush.
--   * Bodies are bytea or text, never jsonb (docs/decisions/0001).
--   * key_id and codec say how a body is sealed; null and 0 = plain UTF-8 JSON.

CREATE TABLE workflow_executions (
  id uuid PRIMARY KEY,
  workflow_id uuid,
  status varchar(50) DEFAULT 'running',
  input_data text,
  output_data text,
  started_at timestamptz DEFAULT now(),
  completed_at timestamptz,
  error_message text,
  -- Milliseconds, at most 2^31-1 (24.8 days); completed_at - started_at has no such limit.
  execution_time integer,

  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  version_id uuid NOT NULL,
  mode varchar(20) NOT NULL DEFAULT 'production',
  trigger_node text,
  parent_id uuid,
  parent_command text,
  origin_id uuid,
  depth integer NOT NULL DEFAULT 0,
  cause text,
  actor text,
  trace_id text,
  concurrency_key text,
  wake_at timestamptz,
  -- Seq of the turn this row was last written with; the history may be longer, never shorter.
  last_seq integer NOT NULL DEFAULT 0,
  error_code text,
  input_blob text,
  output_blob text,
  cost_micros bigint,
  tokens_in bigint,
  tokens_out bigint,
  key_id uuid,
  codec smallint NOT NULL DEFAULT 0
) PARTITION BY RANGE (id);
-- Indexed columns never change after the insert, and partitions leave room on each page, so the one or two updates
-- in an execution's life touch no index (HOT). What is open stands in open_executions for the same reason.
CREATE INDEX workflow_executions_org ON workflow_executions (org_id, id DESC);
CREATE INDEX workflow_executions_workflow ON workflow_executions (workflow_id, id DESC);
CREATE TABLE workflow_executions_default PARTITION OF workflow_executions DEFAULT WITH (fillfactor = 80);

-- Executions that are not over: small, so recovery, wake-ups and admission cost the same at a million stored ones.
-- Written in the statement that writes workflow_executions; status and wake_at are the same in both.
CREATE TABLE open_executions (
  execution_id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  parent_id uuid,
  concurrency_key text,
  status varchar(50) NOT NULL,
  wake_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
CREATE INDEX open_executions_running ON open_executions (execution_id) WHERE status = 'running';
CREATE INDEX open_executions_wake ON open_executions (wake_at, execution_id) WHERE wake_at IS NOT NULL;
CREATE INDEX open_executions_concurrency ON open_executions (org_id, workflow_id, concurrency_key)
  WHERE concurrency_key IS NOT NULL;

CREATE TABLE turns (
  execution_id uuid NOT NULL,
  seq integer NOT NULL CHECK (seq > 0),
  org_id uuid NOT NULL,
  at timestamptz NOT NULL,
  body bytea NOT NULL,
  key_id uuid,
  codec smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (execution_id, seq)
) PARTITION BY RANGE (execution_id);
CREATE TABLE turns_default PARTITION OF turns DEFAULT;

-- A cache: state after turn `seq`. Losing it costs time only.
CREATE TABLE snapshots (
  execution_id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  seq integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  body bytea NOT NULL,
  key_id uuid,
  codec smallint NOT NULL DEFAULT 0
) PARTITION BY RANGE (execution_id);
CREATE TABLE snapshots_default PARTITION OF snapshots DEFAULT;

-- Ledger of `once` effects: intent before sending, then the outcome.
CREATE TABLE effects (
  execution_id uuid NOT NULL,
  command text NOT NULL,
  attempt integer NOT NULL,
  org_id uuid NOT NULL,
  key text NOT NULL,
  outcome varchar(20) NOT NULL,
  at timestamptz NOT NULL,
  deadline timestamptz,
  PRIMARY KEY (execution_id, command, attempt)
) PARTITION BY RANGE (execution_id);
CREATE TABLE effects_default PARTITION OF effects DEFAULT WITH (fillfactor = 80);

-- Exactly one execution for a start key, however often it is asked for. Not partitioned: the key must be unique.
CREATE TABLE start_keys (
  org_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  env_id uuid NOT NULL,
  key text NOT NULL,
  execution_id uuid NOT NULL,
  request_hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, workflow_id, env_id, key)
);

-- Two executions for one key would do everything twice, so the whole flush fails and the engine looks again.
CREATE FUNCTION refuse_start_key() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a start key of this batch already names another execution'
    USING ERRCODE = 'unique_violation', TABLE = 'start_keys', CONSTRAINT = 'start_keys_pkey';
END $$;

-- What a person or a URL can answer, for lists. Kept after closing: closed = 410, unknown = 404.
CREATE TABLE waits (
  execution_id uuid NOT NULL,
  wait text NOT NULL,
  org_id uuid NOT NULL,
  run text NOT NULL,
  kind varchar(20) NOT NULL,
  title text,
  assignees text[] NOT NULL DEFAULT '{}',
  opened_at timestamptz NOT NULL,
  expires_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (execution_id, wait)
);
CREATE INDEX waits_open ON waits (org_id, opened_at DESC) WHERE closed_at IS NULL;

-- What reaches the engine from other processes. A row is deleted in the flush that journals what it caused.
CREATE TABLE inbox (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  execution_id uuid NOT NULL,
  kind text NOT NULL,
  dedupe_key text,
  body bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  key_id uuid,
  codec smallint NOT NULL DEFAULT 0,
  UNIQUE (org_id, dedupe_key)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
CREATE INDEX inbox_order ON inbox (at, id);

CREATE FUNCTION tell_engine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('auraos_inbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER inbox_tells AFTER INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION tell_engine();

-- Who may write the journal. Every flush holds a share lock on this row at its epoch; a takeover raises the epoch
-- and so waits for the flush under way.
CREATE TABLE engine_lease (
  id integer PRIMARY KEY CHECK (id = 1),
  epoch bigint NOT NULL,
  holder_id text,
  host text,
  pid integer,
  address text,
  acquired_at timestamptz,
  expires_at timestamptz,
  -- Of the server at the last takeover: another timeline means a failover or a restore, which may have lost turns.
  timeline integer
) WITH (fillfactor = 10);
INSERT INTO engine_lease (id, epoch) VALUES (1, 0);

-- Payloads too big for a row; the bytes are in the blob store, at `location`.
CREATE TABLE blobs (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  execution_id uuid,
  location text NOT NULL,
  bytes bigint NOT NULL,
  sha256 bytea,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX blobs_execution ON blobs (execution_id);

-- Payloads as jsonb where jsonb can hold them, null where it cannot (\u0000, lone surrogates, 1e400000, sealed).
CREATE FUNCTION payload_jsonb(body text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN body::jsonb;
EXCEPTION WHEN data_exception OR statement_too_complex OR program_limit_exceeded THEN
  RETURN NULL;
END $$;
CREATE VIEW workflow_executions_json WITH (security_invoker = true) AS
  SELECT id, org_id, env_id, workflow_id, version_id, mode, status, started_at, completed_at, execution_time,
    error_code, error_message,
    CASE WHEN codec = 0 THEN payload_jsonb(input_data) END AS input_data,
    CASE WHEN codec = 0 THEN payload_jsonb(output_data) END AS output_data
  FROM workflow_executions;

DO $$
DECLARE journal regclass;
BEGIN
  FOREACH journal IN ARRAY ARRAY['workflow_executions', 'open_executions', 'turns', 'snapshots', 'effects', 'start_keys',
    'waits', 'inbox', 'blobs']::regclass[]
  LOOP
    CALL wall_tenant(journal);
    CALL open_to_engine(journal);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO auraos_engine', journal);
    EXECUTE format('GRANT SELECT ON %s TO auraos_api', journal);
  END LOOP;
  -- Partitions are reached through their parents; on their own they show themselves to the owner only.
  FOREACH journal IN ARRAY ARRAY['workflow_executions_default', 'turns_default', 'snapshots_default',
    'effects_default']::regclass[]
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', journal);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', journal);
    EXECUTE format('CREATE POLICY owner ON %s TO auraos_owner USING (true) WITH CHECK (true)', journal);
  END LOOP;
END $$;
GRANT INSERT ON inbox, blobs TO auraos_api;
GRANT SELECT, UPDATE ON engine_lease TO auraos_engine;
GRANT SELECT ON engine_lease TO auraos_api;
GRANT SELECT ON workflow_executions_json TO auraos_api, auraos_engine;
