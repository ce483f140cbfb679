DROP TABLE task_schedules, task_executions, tasks;
