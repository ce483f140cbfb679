-- Where workflows are kept: folders, tags and owners get what finds them among 100,000.

-- Compared byte by byte, so that a folder with its subfolders is one range of an index.
ALTER TABLE workflows ALTER COLUMN folder TYPE text COLLATE "C";
ALTER TABLE workflows ADD CONSTRAINT workflows_folder_length CHECK (length(folder) <= 200);
ALTER TABLE workflows ADD CONSTRAINT workflows_tags_count CHECK (cardinality(tags) <= 20);
-- Who answers for it: a member, and nobody when that member is gone.
ALTER TABLE workflows ADD COLUMN owner_id uuid;
ALTER TABLE workflows ADD CONSTRAINT workflows_owner FOREIGN KEY (org_id, owner_id)
  REFERENCES memberships (org_id, user_id) ON DELETE SET NULL (owner_id);
CREATE INDEX workflows_folders ON workflows (org_id, folder, id DESC) WHERE deleted_at IS NULL;
-- Not partial: a member who goes is looked for in it.
CREATE INDEX workflows_owners ON workflows (org_id, owner_id, id DESC) INCLUDE (deleted_at);

-- A copy of workflows.tags for search: behind the wall between tenants no index on an array is used, because `@>` might tell
-- what it sees. In it are only workflows that are there.
CREATE TABLE workflow_tags (
  org_id uuid NOT NULL,
  tag text COLLATE "C" NOT NULL CHECK (length(tag) <= 50),
  workflow_id uuid NOT NULL,
  PRIMARY KEY (org_id, tag, workflow_id),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE INDEX workflow_tags_workflow ON workflow_tags (workflow_id, org_id);
CALL wall_tenant('workflow_tags');
GRANT SELECT, INSERT, DELETE ON workflow_tags TO auraos_api;
