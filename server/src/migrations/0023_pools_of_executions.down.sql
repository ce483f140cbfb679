ALTER TABLE workflow_limits
  DROP COLUMN pool,
  DROP COLUMN pool_places,
  DROP COLUMN pool_priority,
  DROP COLUMN fair_key;

CREATE TABLE webhook_calls (
  org_id uuid NOT NULL REFERENCES organizations (id),
  path text NOT NULL,
  call_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, path, call_id)
);
CREATE INDEX webhook_calls_at ON webhook_calls (at);
CALL wall_tenant('webhook_calls');
CALL open_to_engine('webhook_calls');
GRANT SELECT, INSERT, DELETE ON webhook_calls TO auraos_engine;
GRANT SELECT ON webhook_calls TO auraos_api;
