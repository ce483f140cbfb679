-- Tenants, people, keys, and the wall between tenants that every later table stands behind.
-- Runs on PostgreSQL 15 to 18 as auraos_owner; ids (UUIDv7) are made by the application.

-- The tenant of this transaction; no tenant means no rows. In a policy it stands as (SELECT app_tenant()), so that
-- it is evaluated once a query and not once a row.
CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

-- Every table with org_id calls this. FORCE binds the owner as well, who then gets in by a policy of its own:
-- without one a data migration would quietly see nothing.
CREATE PROCEDURE wall_tenant(target regclass, org_column name DEFAULT 'org_id') LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY owner ON %s TO auraos_owner USING (true) WITH CHECK (true)', target);
  EXECUTE format('CREATE POLICY tenant ON %s TO auraos_api USING (%I = (SELECT app_tenant())) WITH CHECK (%I = (SELECT app_tenant()))',
    target, org_column, org_column);
END $$;

-- One flush holds many organizations, so the engine sees all rows of the journal; rights are still granted by table.
CREATE PROCEDURE open_to_engine(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE POLICY engine ON %s TO auraos_engine USING (true) WITH CHECK (true)', target);
END $$;
REVOKE ALL ON PROCEDURE wall_tenant(regclass, name), open_to_engine(regclass) FROM PUBLIC;

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  name varchar(255) NOT NULL,
  slug varchar(100) UNIQUE,
  -- Admission: open executions, turns a second, bytes; absent = the operator's default.
  limits jsonb NOT NULL DEFAULT '{}',
  -- Days that closed executions are kept; null = the operator's default.
  retention_days integer CHECK (retention_days > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CALL wall_tenant('organizations', 'id');
CALL open_to_engine('organizations');
GRANT SELECT, UPDATE ON organizations TO auraos_api;
GRANT SELECT ON organizations TO auraos_engine;

CREATE TABLE environments (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(100) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (org_id, name),
  UNIQUE (id, org_id)
);
CALL wall_tenant('environments');
CALL open_to_engine('environments');
GRANT SELECT, INSERT, UPDATE, DELETE ON environments TO auraos_api;
GRANT SELECT ON environments TO auraos_engine;

-- A person; how they prove who they are belongs to identity and comes with its own migration.
CREATE TABLE users (
  id uuid PRIMARY KEY,
  name varchar(255),
  email varchar(320),
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz
);

CREATE TABLE memberships (
  org_id uuid NOT NULL REFERENCES organizations (id),
  user_id uuid NOT NULL REFERENCES users (id),
  role varchar(50) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
CALL wall_tenant('memberships');
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO auraos_api;

-- People have no org_id: a tenant sees those who are its members.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON users TO auraos_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON users FOR SELECT TO auraos_api
  USING (EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.org_id = (SELECT app_tenant())));
GRANT SELECT ON users TO auraos_api;

-- The key itself is shown once and never stored.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(255) NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  hint varchar(20) NOT NULL DEFAULT '',
  scopes text[] NOT NULL DEFAULT '{}',
  created_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_org ON api_keys (org_id, id);
CALL wall_tenant('api_keys');
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO auraos_api;

-- A key says which tenant is calling, so it is looked up before there is one: the only way around the wall.
CREATE FUNCTION api_key_by_hash(wanted bytea)
  RETURNS TABLE (id uuid, org_id uuid, name varchar, scopes text[], expires_at timestamptz, revoked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT k.id, k.org_id, k.name, k.scopes, k.expires_at, k.revoked_at FROM api_keys k WHERE k.sha256 = wanted $$;
REVOKE ALL ON FUNCTION api_key_by_hash(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_key_by_hash(bytea) TO auraos_api;
