DROP TABLE webhook_calls;
ALTER TABLE webhooks DROP COLUMN options;
DROP TABLE triggers;
DROP TABLE event_happenings, event_replays, event_dead, event_gates, event_held, event_subscriptions, events, event_streams;
