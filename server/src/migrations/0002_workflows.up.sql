-- Workflows as people edit and publish them. What runs is workflow_versions.definition, kept byte for byte;
-- workflows.definition and workflow_nodes are copies for search and lists (docs/decisions/0001).

CREATE TABLE workflows (
  id uuid PRIMARY KEY,
  name varchar(255) NOT NULL,
  description text,
  definition jsonb NOT NULL,
  status varchar(50) DEFAULT 'draft',
  created_by uuid REFERENCES users (id),
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now(),
  -- Of the version published last.
  version integer DEFAULT 1,

  org_id uuid NOT NULL REFERENCES organizations (id),
  updated_by uuid REFERENCES users (id),
  published_version_id uuid,
  -- Raised by each save of the draft; the API's ETag, so that two editors cannot overwrite each other unseen.
  draft_revision integer NOT NULL DEFAULT 1,
  folder text NOT NULL DEFAULT '',
  tags text[] NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  UNIQUE (id, org_id)
);
CREATE INDEX workflows_list ON workflows (org_id, updated_at DESC) WHERE deleted_at IS NULL;
CALL wall_tenant('workflows');
CALL open_to_engine('workflows');
GRANT SELECT, INSERT, UPDATE, DELETE ON workflows TO auraos_api;
GRANT SELECT ON workflows TO auraos_engine;

-- The pair (workflow_id, org_id) points at the workflow, so a row of one tenant can never hang on another's workflow.
CREATE TABLE workflow_versions (
  id uuid PRIMARY KEY,
  workflow_id uuid NOT NULL,
  org_id uuid NOT NULL,
  -- Counts the published ones; null for the draft, of which there is one.
  version integer,
  kind varchar(20) NOT NULL CHECK (kind IN ('published', 'draft')),
  definition text NOT NULL,
  -- sha256 of the definition's bytes.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  note text,
  created_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'draft') = (version IS NULL)),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX workflow_versions_published ON workflow_versions (workflow_id, version) WHERE kind = 'published';
CREATE UNIQUE INDEX workflow_versions_draft ON workflow_versions (workflow_id) WHERE kind = 'draft';
ALTER TABLE workflows ADD FOREIGN KEY (published_version_id) REFERENCES workflow_versions (id) ON DELETE SET NULL;
CALL wall_tenant('workflow_versions');
CALL open_to_engine('workflow_versions');
GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_versions TO auraos_api;
GRANT SELECT ON workflow_versions TO auraos_engine;

CREATE TABLE workflow_nodes (
  id uuid PRIMARY KEY,
  workflow_id uuid,
  type varchar(50) NOT NULL,
  name varchar(255) NOT NULL,
  config jsonb NOT NULL,
  position jsonb NOT NULL,
  created_at timestamptz DEFAULT now(),

  org_id uuid NOT NULL,
  -- The node's id inside the definition.
  node_key text NOT NULL,
  version_id uuid NOT NULL REFERENCES workflow_versions (id) ON DELETE CASCADE,
  UNIQUE (version_id, node_key),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE INDEX workflow_nodes_workflow ON workflow_nodes (workflow_id);
CREATE INDEX workflow_nodes_type ON workflow_nodes (org_id, type);
CALL wall_tenant('workflow_nodes');
GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_nodes TO auraos_api;
