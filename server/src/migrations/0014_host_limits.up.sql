-- How fast, and how many at once, activities of an organization may call a host. No row = no limit of the organization's own.

CREATE TABLE host_limits (
  org_id uuid NOT NULL REFERENCES organizations (id),
  -- As in addresses: small letters, with :port when only that port is meant.
  host varchar(260) NOT NULL,
  -- Requests at the same time; null = any number.
  concurrency integer CHECK (concurrency BETWEEN 1 AND 10000),
  -- Requests per period; null = any number.
  requests integer CHECK (requests BETWEEN 1 AND 1000000),
  per_seconds integer NOT NULL DEFAULT 1 CHECK (per_seconds BETWEEN 1 AND 86400),
  updated_by text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, host),
  CHECK (concurrency IS NOT NULL OR requests IS NOT NULL)
);

CALL wall_tenant('host_limits');
CALL open_to_engine('host_limits');
GRANT SELECT, INSERT, UPDATE, DELETE ON host_limits TO auraos_api;
GRANT SELECT ON host_limits TO auraos_engine;
