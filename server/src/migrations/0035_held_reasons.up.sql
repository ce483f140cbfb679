-- Why the start of a held event was refused the last time, so that who looks at what waits is told the reason.
ALTER TABLE event_held ADD COLUMN refusal_code varchar(100);
ALTER TABLE event_held ADD COLUMN refusal varchar(1000);
-- When a throttle opens is part of that reason.
GRANT SELECT ON event_gates TO auraos_api;
