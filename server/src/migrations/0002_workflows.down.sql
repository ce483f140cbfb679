DROP TABLE workflow_nodes;
ALTER TABLE workflows DROP COLUMN published_version_id;
DROP TABLE workflow_versions;
DROP TABLE workflows;
