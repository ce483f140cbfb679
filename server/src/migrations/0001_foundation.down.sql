-- The roles stay: they belong to the whole server, and another database on it may use them.
DROP FUNCTION api_key_by_hash(bytea);
DROP TABLE api_keys;
DROP POLICY tenant ON users;
DROP TABLE memberships;
DROP TABLE users;
DROP TABLE environments;
DROP TABLE organizations;
DROP PROCEDURE open_to_engine(regclass);
DROP PROCEDURE wall_tenant(regclass, name);
DROP FUNCTION app_tenant();
