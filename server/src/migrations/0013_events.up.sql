-- Events of an organization, who wants them, and what waits for its moment.
--   * A position is given under the lock of the stream's row: positions are in commit order, so a reader that has
--     seen a position has seen every one before it.
--   * `routed` is the cursor: everything up to it has been given to every subscription (started, held, counted as
--     dropped, or a dead letter). It moves in the transaction that writes what is held.

CREATE TABLE event_streams (
  org_id uuid PRIMARY KEY REFERENCES organizations (id),
  last_position bigint NOT NULL DEFAULT 0,
  routed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE events (
  org_id uuid NOT NULL REFERENCES organizations (id),
  position bigint NOT NULL,
  source varchar(500) NOT NULL,
  event_id varchar(255) NOT NULL,
  type varchar(255) NOT NULL,
  -- The envelope without its position, JSON.
  body text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (org_id, position),
  UNIQUE (org_id, source, event_id)
);

CREATE TABLE event_subscriptions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  -- The trigger's id inside the definition.
  node_key text NOT NULL,
  -- Settings of the trigger, JSON.
  spec text NOT NULL,
  -- Only events after this position.
  since bigint NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  matched bigint NOT NULL DEFAULT 0,
  dropped bigint NOT NULL DEFAULT 0,
  last_event_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workflow_id, node_key),
  UNIQUE (id, org_id),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX event_subscriptions_org ON event_subscriptions (org_id, id);

-- What is matched and not started yet, or started and in the way of the next of its lane.
CREATE TABLE event_held (
  subscription_id uuid NOT NULL,
  org_id uuid NOT NULL,
  -- '' = as it came; else the replay that brought it.
  run text NOT NULL DEFAULT '',
  position bigint NOT NULL,
  lane text NOT NULL,
  received_at timestamptz NOT NULL,
  -- Of the first event that a later one took the place of (debounce).
  first_at timestamptz NOT NULL,
  -- Position under which a group starts; what is in a group is settled before it starts.
  release bigint,
  due_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  execution_id uuid,
  PRIMARY KEY (subscription_id, run, position),
  FOREIGN KEY (subscription_id, org_id) REFERENCES event_subscriptions (id, org_id) ON DELETE CASCADE
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX event_held_lane ON event_held (subscription_id, lane, position);
CREATE INDEX event_held_event ON event_held (org_id, position);

-- When the next one of a lane may start (throttle), or how much of its rate is used up (rate limit): ms since 1970.
CREATE TABLE event_gates (
  subscription_id uuid NOT NULL,
  org_id uuid NOT NULL,
  lane text NOT NULL,
  at_ms double precision NOT NULL,
  PRIMARY KEY (subscription_id, lane),
  FOREIGN KEY (subscription_id, org_id) REFERENCES event_subscriptions (id, org_id) ON DELETE CASCADE
) WITH (fillfactor = 70);

CREATE TABLE event_dead (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  position bigint NOT NULL,
  code varchar(100) NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (subscription_id, org_id) REFERENCES event_subscriptions (id, org_id) ON DELETE CASCADE
);
CREATE INDEX event_dead_list ON event_dead (org_id, id DESC);
CREATE INDEX event_dead_event ON event_dead (org_id, position);

CREATE TABLE event_replays (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  -- The next position to be given, and the last one.
  next_position bigint NOT NULL,
  to_position bigint NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (subscription_id, org_id) REFERENCES event_subscriptions (id, org_id) ON DELETE CASCADE
);
CREATE INDEX event_replays_org ON event_replays (org_id);

-- Up to when the ends of executions have become events; after a crash the rest is made up for.
CREATE TABLE event_happenings (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  through timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON event_happenings TO auraos_engine;

CALL wall_tenant('event_streams');
CALL wall_tenant('events');
CALL wall_tenant('event_subscriptions');
CALL wall_tenant('event_held');
CALL wall_tenant('event_gates');
CALL wall_tenant('event_dead');
CALL wall_tenant('event_replays');
CALL open_to_engine('event_streams');
CALL open_to_engine('events');
CALL open_to_engine('event_subscriptions');
CALL open_to_engine('event_held');
CALL open_to_engine('event_gates');
CALL open_to_engine('event_dead');
CALL open_to_engine('event_replays');
GRANT SELECT ON event_streams, events, event_held TO auraos_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_subscriptions, event_dead, event_replays TO auraos_api;
GRANT INSERT ON event_held TO auraos_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_streams, events, event_held, event_gates, event_dead, event_replays TO auraos_engine;
GRANT SELECT, UPDATE ON event_subscriptions TO auraos_engine;

-- Triggers that listen to something outside: Redis, PostgreSQL, files, feeds, addresses.
-- `cursor` is how far it got; it moves only after what came before it is an event, which is durable.
CREATE TABLE triggers (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  env_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  node_key text NOT NULL,
  type varchar(100) NOT NULL,
  config text NOT NULL,
  cursor text,
  state varchar(20) NOT NULL DEFAULT 'starting' CHECK (state IN ('starting', 'listening', 'failing')),
  error text,
  failures integer NOT NULL DEFAULT 0,
  received bigint NOT NULL DEFAULT 0,
  last_event_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workflow_id, node_key),
  FOREIGN KEY (workflow_id, org_id) REFERENCES workflows (id, org_id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX triggers_org ON triggers (org_id, id DESC);
CALL wall_tenant('triggers');
CALL open_to_engine('triggers');
GRANT SELECT, INSERT, UPDATE, DELETE ON triggers TO auraos_api;
GRANT SELECT, UPDATE ON triggers TO auraos_engine;

-- How a webhook checks who calls, and what it does with the body; null = as before. JSON of the trigger's settings.
ALTER TABLE webhooks ADD COLUMN options text;

-- Ids of signed calls that were accepted: a call that is sent once more by somebody else starts nothing.
CREATE TABLE webhook_calls (
  org_id uuid NOT NULL REFERENCES organizations (id),
  path text NOT NULL,
  call_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, path, call_id)
);
CREATE INDEX webhook_calls_at ON webhook_calls (at);
CALL wall_tenant('webhook_calls');
CALL open_to_engine('webhook_calls');
GRANT SELECT, INSERT, DELETE ON webhook_calls TO auraos_engine;
GRANT SELECT ON webhook_calls TO auraos_api;
