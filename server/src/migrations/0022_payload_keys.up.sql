-- Keys that seal what executions carry (docs/decisions/0005). Each belongs to one organization and to the process that made
-- it, which counts its nonces; a row without its root key opens nothing, and an organization without its rows has no
-- history that could be read: that is how histories are shredded.
CREATE TABLE payload_keys (
  id uuid PRIMARY KEY,
  -- No foreign key: one that fails would fail everybody's flush (0003).
  org_id uuid NOT NULL,
  root_id varchar(16) NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payload_keys_org ON payload_keys (org_id, created_at);
CREATE INDEX payload_keys_root ON payload_keys (root_id);

CALL wall_tenant('payload_keys');
CALL open_to_engine('payload_keys');
GRANT SELECT, INSERT, UPDATE, DELETE ON payload_keys TO auraos_engine;
GRANT SELECT, DELETE ON payload_keys TO auraos_api;
