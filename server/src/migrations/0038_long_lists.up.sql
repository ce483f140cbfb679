-- Lists of very many rows. Names are searched in the index alone: it has them in small letters, which are expensive to
-- make of 100,000 of them, and beside them the names as they are, without which PostgreSQL does not answer from it.
CREATE INDEX workflows_names ON workflows (org_id, id DESC, lower(name)) INCLUDE (name) WHERE deleted_at IS NULL;
CREATE INDEX tasks_names ON tasks (org_id, id DESC, lower(name)) INCLUDE (name);
-- The graph of the newest tasks, without those of other organizations between them.
CREATE INDEX task_dependencies_graph ON task_dependencies (org_id, task_id DESC, place);
-- How many dead letters a subscription has, and what goes with it, without those of all others.
CREATE INDEX event_dead_subscription ON event_dead (subscription_id);
