DELETE FROM alert_rules WHERE kind = 'security';
ALTER TABLE alert_rules DROP CONSTRAINT alert_rules_kind_check;
ALTER TABLE alert_rules ADD CONSTRAINT alert_rules_kind_check
  CHECK (kind IN ('failureRate', 'latency', 'silentSchedule', 'waitingApproval', 'expiringCredential'));
DROP TABLE security_findings, credential_places, freeze_executions, freezes, incident_acts, incidents;
