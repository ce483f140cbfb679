-- Addresses of published workflows, written in the transaction that publishes: an address that answers belongs to
-- the published version, always. The address is one for the whole server, so that nobody can take over a path.

CREATE TABLE webhooks (
  path text NOT NULL CHECK (length(path) <= 400),
  method varchar(10) NOT NULL,
  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  version_id uuid NOT NULL REFERENCES workflow_versions (id) ON DELETE CASCADE,
  -- The trigger's id inside the definition.
  node_key text NOT NULL,
  respond varchar(20) NOT NULL CHECK (respond IN ('immediately', 'whenDone')),
  wait_seconds double precision,
  PRIMARY KEY (path, method),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE INDEX webhooks_workflow ON webhooks (workflow_id);
CALL wall_tenant('webhooks');
CALL open_to_engine('webhooks');
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO auraos_api;
GRANT SELECT ON webhooks TO auraos_engine;

-- A draft that is tried out keeps running with what it was, however often the draft is saved meanwhile: the text is
-- kept as a version of kind `test`, once per content.
ALTER TABLE workflow_versions DROP CONSTRAINT workflow_versions_kind_check;
ALTER TABLE workflow_versions ADD CONSTRAINT workflow_versions_kind_check CHECK (kind IN ('published', 'draft', 'test'));
ALTER TABLE workflow_versions DROP CONSTRAINT workflow_versions_check;
ALTER TABLE workflow_versions ADD CONSTRAINT workflow_versions_check CHECK ((kind = 'published') = (version IS NOT NULL));
CREATE UNIQUE INDEX workflow_versions_test ON workflow_versions (workflow_id, hash) WHERE kind = 'test';
