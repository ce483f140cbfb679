DROP TABLE maintenance, workflow_limits, alert_deliveries, alerts, alert_rules;
