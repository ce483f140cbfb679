-- Incidents: what was done when something looked wrong, one line after the other; what is frozen meanwhile; and what the
-- watch over sign-ins, keys and exports has found.

CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  title varchar(255) NOT NULL,
  severity varchar(20) NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_by text,
  closed_at timestamptz,
  -- Markdown, written when it was closed.
  report text,
  UNIQUE (id, org_id)
);
CREATE INDEX incidents_list ON incidents (org_id, id DESC);

-- What was done, by whom; nothing of it is changed afterwards.
CREATE TABLE incident_acts (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  kind varchar(20) NOT NULL CHECK (kind IN ('open', 'note', 'freeze', 'unfreeze', 'revoke', 'evidence', 'close')),
  text text NOT NULL,
  FOREIGN KEY (incident_id, org_id) REFERENCES incidents (id, org_id) ON DELETE CASCADE
);
CREATE INDEX incident_acts_list ON incident_acts (incident_id, id);

-- While one is not lifted, nothing of the organization (or of the one workflow) starts and nothing of it reaches the world.
CREATE TABLE freezes (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  workflow_id uuid,
  reason text NOT NULL,
  frozen_by text NOT NULL,
  frozen_at timestamptz NOT NULL DEFAULT now(),
  lifted_by text,
  lifted_at timestamptz,
  UNIQUE (id, org_id),
  FOREIGN KEY (incident_id, org_id) REFERENCES incidents (id, org_id) ON DELETE CASCADE,
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX freezes_open ON freezes (org_id, workflow_id) NULLS NOT DISTINCT WHERE lifted_at IS NULL;

-- Executions that a freeze paused: those go on when it is lifted, and no others.
CREATE TABLE freeze_executions (
  org_id uuid NOT NULL,
  freeze_id uuid NOT NULL,
  execution_id uuid NOT NULL,
  PRIMARY KEY (freeze_id, execution_id),
  FOREIGN KEY (freeze_id, org_id) REFERENCES freezes (id, org_id) ON DELETE CASCADE
);

-- Networks that a key or session was used from; one that is not here yet is a finding.
CREATE TABLE credential_places (
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  credential text NOT NULL,
  place text NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, credential, place)
);

CREATE TABLE security_findings (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  kind varchar(30) NOT NULL CHECK (kind IN ('stuffing', 'newPlace', 'massExport')),
  -- What it is about: an address, an account, a credential.
  key text NOT NULL,
  severity varchar(20) NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  title text NOT NULL,
  detail text NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now(),
  times integer NOT NULL DEFAULT 1,
  -- Somebody looked at it.
  seen_by text,
  seen_at timestamptz
);
CREATE UNIQUE INDEX security_findings_open ON security_findings (org_id, kind, key) WHERE seen_at IS NULL;
CREATE INDEX security_findings_list ON security_findings (org_id, id DESC);

CALL wall_tenant('incidents');
CALL wall_tenant('incident_acts');
CALL wall_tenant('freezes');
CALL wall_tenant('freeze_executions');
CALL wall_tenant('credential_places');
CALL wall_tenant('security_findings');
CALL open_to_engine('freezes');
CALL open_to_engine('freeze_executions');
GRANT SELECT, INSERT ON incidents, incident_acts, freezes, credential_places TO auraos_api;
GRANT UPDATE (closed_by, closed_at, report) ON incidents TO auraos_api;
GRANT UPDATE (lifted_by, lifted_at) ON freezes TO auraos_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON security_findings TO auraos_api;
GRANT SELECT ON freeze_executions TO auraos_api;
-- The process that leads pauses what is frozen, whoever froze it.
GRANT SELECT ON freezes TO auraos_engine;
GRANT SELECT, INSERT, DELETE ON freeze_executions TO auraos_engine;

ALTER TABLE alert_rules DROP CONSTRAINT alert_rules_kind_check;
ALTER TABLE alert_rules ADD CONSTRAINT alert_rules_kind_check
  CHECK (kind IN ('failureRate', 'latency', 'silentSchedule', 'waitingApproval', 'expiringCredential', 'security'));
