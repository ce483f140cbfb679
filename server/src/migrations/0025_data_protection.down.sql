DROP TABLE erasures, subject_keys, reveals, redaction_rules;
DROP FUNCTION is_held(uuid, uuid, uuid);
DROP TABLE legal_holds, retention_policies;
