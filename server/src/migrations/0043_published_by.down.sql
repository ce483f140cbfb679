ALTER TABLE workflow_versions DROP COLUMN published_by;
