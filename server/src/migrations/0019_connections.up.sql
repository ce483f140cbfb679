-- Connections: what workflows sign in to other services with. Secrets are sealed by the application; the database only
-- ever sees ciphertext, and the engine's role sees nothing at all.

-- Keys of organizations, each wrapped by a root key that is not in the database. A row without its root key opens nothing,
-- and an organization without its rows has nothing that could be opened: that is how its secrets are shredded.
CREATE TABLE vault_keys (
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  version integer NOT NULL CHECK (version > 0),
  root_id varchar(16) NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, version)
);

CREATE TABLE connections (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  env_id uuid NOT NULL,
  name varchar(100) NOT NULL,
  type varchar(50) NOT NULL,
  description text,
  -- Values that are no secret, as an object.
  public jsonb NOT NULL DEFAULT '{}',
  -- Sealed JSON object of the secret values, and for each a mark by which a person tells it from another.
  sealed bytea NOT NULL,
  marks jsonb NOT NULL DEFAULT '{}',
  -- Raised by every change of `sealed`; the seal is bound to it.
  version integer NOT NULL DEFAULT 1,
  -- Where the secret may be sent: host, *.host, host:port.
  hosts text[] NOT NULL DEFAULT '{}',
  -- Roles whose people may use it; null = everybody who may use connections.
  roles text[],
  -- OAuth 2: sealed {accessToken, refreshToken}.
  tokens bytea,
  tokens_version integer NOT NULL DEFAULT 0,
  tokens_expire_at timestamptz,
  -- The service did not renew the access; a person must allow it again.
  reconnect_since timestamptz,
  expires_at timestamptz,
  last_used_at timestamptz,
  tested_at timestamptz,
  -- Null = the last test was good.
  test_failure text,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (org_id, env_id, name),
  FOREIGN KEY (env_id, org_id) REFERENCES environments (id, org_id)
) WITH (fillfactor = 80);

CALL wall_tenant('vault_keys');
CALL wall_tenant('connections');
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_keys, connections TO auraos_api;
