ALTER TABLE workflows DROP COLUMN draft_by;
