-- A search among very many names is answered from the index alone, also within a folder or of an owner: for a column that
-- is not in it, PostgreSQL would read each of 100,000 rows.
DROP INDEX workflows_names;
CREATE INDEX workflows_names ON workflows (org_id, id DESC, lower(name)) INCLUDE (name, folder, owner_id)
  WHERE deleted_at IS NULL;
CREATE INDEX schedules_names ON schedules (org_id, id DESC, lower(name)) INCLUDE (name);
