-- Where the chain of audit entries begins, once old entries have left with their retention: number and hash of the last one
-- that left, and what the server signed about it. The application reads it; only retention, as the owner, moves it on.
CREATE TABLE audit_bases (
  org_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL CHECK (seq > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  -- Signed; in the form of checkpoints.
  note text NOT NULL,
  removed_at timestamptz NOT NULL
);
CALL wall_tenant('audit_bases');
GRANT SELECT ON audit_bases TO auraos_api;

-- Addresses of webhooks that alerts tell, sealed: they often hold a secret. Channels of rules and messages name them by id.
CREATE TABLE alert_addresses (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (rule_id, org_id) REFERENCES alert_rules (id, org_id) ON DELETE CASCADE
);
CREATE INDEX alert_addresses_rule ON alert_addresses (rule_id);
CALL wall_tenant('alert_addresses');
GRANT SELECT, INSERT, DELETE ON alert_addresses TO auraos_api;
GRANT UPDATE (sealed) ON alert_addresses TO auraos_api;

-- The secret that alerts are signed with, sealed, once an organization has made one of its own.
CREATE TABLE alert_signing (
  org_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  version integer NOT NULL DEFAULT 1,
  sealed bytea NOT NULL,
  -- Its last signs, by which a person knows it again.
  hint varchar(10) NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CALL wall_tenant('alert_signing');
GRANT SELECT, INSERT, UPDATE ON alert_signing TO auraos_api;
