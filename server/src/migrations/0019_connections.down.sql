DROP TABLE connections, vault_keys;
