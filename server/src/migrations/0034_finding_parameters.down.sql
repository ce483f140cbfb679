ALTER TABLE security_findings DROP COLUMN parameters;
ALTER TABLE security_findings DROP COLUMN code;
