-- Variables: values of an environment that every workflow of it reads as $vars.name. No secrets: those are connections.
CREATE TABLE variables (
  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  name varchar(100) NOT NULL,
  value jsonb NOT NULL,
  -- Of the value as JSON text, as it was sent: what the limits count.
  bytes integer NOT NULL CHECK (bytes > 0),
  description text,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, env_id, name),
  FOREIGN KEY (env_id, org_id) REFERENCES environments (id, org_id) ON DELETE CASCADE
);

CALL wall_tenant('variables');
-- Read at the start of an execution and recorded with it.
CALL open_to_engine('variables');
GRANT SELECT, INSERT, UPDATE, DELETE ON variables TO auraos_api;
GRANT SELECT ON variables TO auraos_engine;
