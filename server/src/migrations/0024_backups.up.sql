-- What was done about backups: each one taken and each drill, with its outcome. The backups themselves, and what is in them,
-- are told by their folder: it outlives this database.
CREATE TABLE backup_runs (
  id uuid PRIMARY KEY,
  kind varchar(20) NOT NULL CHECK (kind IN ('backup', 'drill')),
  state varchar(20) NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
  -- Id in the folder, once it is known.
  backup text,
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Figures of the run: sizes of a backup, comparison of a drill.
  report jsonb NOT NULL DEFAULT '{}',
  failure text
);
CREATE INDEX backup_runs_list ON backup_runs (kind, id DESC);
-- Of the whole server, not of an organization.
GRANT SELECT, INSERT, UPDATE ON backup_runs TO auraos_engine;
