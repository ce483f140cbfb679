DROP TABLE workflow_tags;
DROP INDEX workflows_owners;
DROP INDEX workflows_folders;
ALTER TABLE workflows DROP COLUMN owner_id;
ALTER TABLE workflows DROP CONSTRAINT workflows_tags_count;
ALTER TABLE workflows DROP CONSTRAINT workflows_folder_length;
ALTER TABLE workflows ALTER COLUMN folder TYPE text COLLATE "default";
