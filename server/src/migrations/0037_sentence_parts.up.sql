-- What a sentence is made of, beside its English text: a page says it in the language of its reader. Older rows keep their
-- text alone, and so do the words of people.
ALTER TABLE alerts ADD COLUMN title_parts jsonb;
ALTER TABLE alerts ADD COLUMN detail_parts jsonb;
ALTER TABLE task_executions ADD COLUMN reason_parts jsonb;
ALTER TABLE schedule_fires ADD COLUMN reason_parts jsonb;
ALTER TABLE schedules ADD COLUMN pause_parts jsonb;
ALTER TABLE workflow_limits ADD COLUMN pause_parts jsonb;
GRANT UPDATE (pause_parts) ON workflow_limits TO auraos_engine;
