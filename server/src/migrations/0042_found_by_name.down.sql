DROP INDEX schedules_names;
DROP INDEX workflows_names;
CREATE INDEX workflows_names ON workflows (org_id, id DESC, lower(name)) INCLUDE (name) WHERE deleted_at IS NULL;
