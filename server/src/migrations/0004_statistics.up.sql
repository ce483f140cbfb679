-- Statistics of exactly the turns that were committed: each flush appends its own as one row, and a rollup merges
-- them into minutes. A number is therefore minutes + what waits to be merged, never an estimate.

CREATE TABLE stat_deltas (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  -- UTF-8 JSON [{org, workflow, node, worker, minute, count, failures, hist}], of many tenants: the engine's own.
  body bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
GRANT SELECT, INSERT, DELETE ON stat_deltas TO auraos_engine;

CREATE TABLE stat_minutes (
  org_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  -- '' = the workflow as a whole.
  node text NOT NULL,
  -- '' = not run by a worker.
  worker text NOT NULL,
  minute timestamptz NOT NULL,
  count bigint NOT NULL,
  failures bigint NOT NULL,
  -- Durations: pairs of bucket (2 bytes) and count (4 bytes), big-endian, by bucket; bucket = floor(log(ms + 1) / log(1.02)).
  histogram bytea NOT NULL,
  PRIMARY KEY (org_id, workflow_id, minute, node, worker)
) WITH (fillfactor = 80);
CALL wall_tenant('stat_minutes');
CALL open_to_engine('stat_minutes');
GRANT SELECT, INSERT, UPDATE, DELETE ON stat_minutes TO auraos_engine;
GRANT SELECT ON stat_minutes TO auraos_api;
