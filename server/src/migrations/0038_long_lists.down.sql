DROP INDEX event_dead_subscription;
DROP INDEX task_dependencies_graph;
DROP INDEX tasks_names;
DROP INDEX workflows_names;
