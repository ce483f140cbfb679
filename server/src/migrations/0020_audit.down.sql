DROP FUNCTION audit_append(text[]);
DROP TABLE audit_entries, audit_heads;
