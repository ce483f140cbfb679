DELETE FROM workflow_versions WHERE kind = 'test';
DROP INDEX workflow_versions_test;
ALTER TABLE workflow_versions DROP CONSTRAINT workflow_versions_check;
ALTER TABLE workflow_versions ADD CONSTRAINT workflow_versions_check CHECK ((kind = 'draft') = (version IS NULL));
ALTER TABLE workflow_versions DROP CONSTRAINT workflow_versions_kind_check;
ALTER TABLE workflow_versions ADD CONSTRAINT workflow_versions_kind_check CHECK (kind IN ('published', 'draft'));
DROP TABLE webhooks;
