-- Who published a version, as the history names people and keys. Of versions from before it is not known.
ALTER TABLE workflow_versions ADD COLUMN published_by text;
