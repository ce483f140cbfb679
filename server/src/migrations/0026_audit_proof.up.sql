-- The audit log is searched by who, what kind and what object: columns that the database itself takes from the text of
-- the entry, so that nobody can make them say something else. And checkpoints are signed by the process that leads, for
-- every organization: it sees numbers and hashes, never an entry.

ALTER TABLE audit_entries
  ADD COLUMN kind text GENERATED ALWAYS AS (entry::jsonb ->> 'kind') STORED,
  ADD COLUMN actor text GENERATED ALWAYS AS (entry::jsonb ->> 'actor') STORED,
  ADD COLUMN object text GENERATED ALWAYS AS (entry::jsonb ->> 'object') STORED;
CREATE INDEX audit_entries_kind ON audit_entries (org_id, kind, seq DESC);
CREATE INDEX audit_entries_actor ON audit_entries (org_id, actor, seq DESC);
CREATE INDEX audit_entries_object ON audit_entries (org_id, object, seq DESC);

CALL open_to_engine('audit_entries');
CALL open_to_engine('audit_heads');
GRANT SELECT (org_id, seq, hash) ON audit_entries TO auraos_engine;
GRANT SELECT ON audit_heads TO auraos_engine;
