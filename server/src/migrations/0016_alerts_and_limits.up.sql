-- Alerts as objects: rules that are looked at, what they found, and who was told. Limits of workflows (rate, daily budget,
-- queue, pause after failures) and maintenance, which both decide about starts.

CREATE TABLE alert_rules (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(255) NOT NULL,
  kind varchar(30) NOT NULL
    CHECK (kind IN ('failureRate', 'latency', 'silentSchedule', 'waitingApproval', 'expiringCredential')),
  severity varchar(20) NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  -- As JSON of the API.
  config text NOT NULL,
  channels text NOT NULL DEFAULT '[]',
  enabled boolean NOT NULL DEFAULT true,
  checked_at timestamptz,
  -- Why it could not be looked at the last time.
  trouble text,
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, org_id),
  UNIQUE (org_id, name)
);

CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  -- What it is about within the rule: a workflow, a schedule, a wait, a connection.
  key text NOT NULL,
  status varchar(20) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'acknowledged', 'resolved')),
  title text NOT NULL,
  detail text NOT NULL,
  -- Where a person looks next, as a path of the app.
  link text,
  opened_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  -- Who; 'rule' = what was wrong is over.
  resolved_by text,
  FOREIGN KEY (rule_id, org_id) REFERENCES alert_rules (id, org_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX alerts_one ON alerts (rule_id, key) WHERE status <> 'resolved';
CREATE INDEX alerts_list ON alerts (org_id, id DESC);

-- One message to one channel: durable with its alert, sent until it is taken or given up.
CREATE TABLE alert_deliveries (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  alert_id uuid NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  happening varchar(20) NOT NULL CHECK (happening IN ('opened', 'resolved')),
  channel text NOT NULL,
  state varchar(20) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  error text,
  sent_at timestamptz
);
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at) WHERE state = 'pending';
CREATE INDEX alert_deliveries_alert ON alert_deliveries (alert_id);

CREATE TABLE workflow_limits (
  org_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  rate_count integer CHECK (rate_count > 0),
  rate_seconds integer CHECK (rate_seconds BETWEEN 1 AND 86400),
  -- Starts of a day, UTC.
  daily_max integer CHECK (daily_max > 0),
  -- Open executions: running, waiting, paused, parked.
  open_max integer CHECK (open_max > 0),
  pause_after_failures integer CHECK (pause_after_failures > 0),
  failures integer NOT NULL DEFAULT 0,
  paused boolean NOT NULL DEFAULT false,
  pause_reason text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workflow_id),
  CHECK ((rate_count IS NULL) = (rate_seconds IS NULL)),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
);

CREATE TABLE maintenance (
  org_id uuid PRIMARY KEY REFERENCES organizations (id),
  is_on boolean NOT NULL DEFAULT false,
  reason text,
  -- Ends by itself then.
  until_at timestamptz,
  changed_by text,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CALL wall_tenant('alert_rules');
CALL wall_tenant('alerts');
CALL wall_tenant('alert_deliveries');
CALL wall_tenant('workflow_limits');
CALL wall_tenant('maintenance');
CALL open_to_engine('alert_rules');
CALL open_to_engine('alert_deliveries');
CALL open_to_engine('workflow_limits');
CALL open_to_engine('maintenance');
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_rules, alerts, alert_deliveries, workflow_limits, maintenance TO auraos_api;
-- Which organizations have something to look at or to send; the looking is done as the tenant.
GRANT SELECT (org_id, enabled) ON alert_rules TO auraos_engine;
GRANT SELECT (org_id, state, next_at) ON alert_deliveries TO auraos_engine;
GRANT SELECT ON workflow_limits, maintenance TO auraos_engine;
GRANT UPDATE (failures, paused, pause_reason) ON workflow_limits TO auraos_engine;
