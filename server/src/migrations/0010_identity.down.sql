DROP POLICY identity ON organizations;
DROP POLICY identity ON environments;
DROP POLICY identity ON memberships;
DROP POLICY identity ON users;
REVOKE ALL ON organizations, environments, memberships, users FROM auraos_identity;
DROP PROCEDURE open_to_identity(regclass);
ALTER TABLE organizations DROP COLUMN mfa_required;
DROP TABLE invitations;
DROP TABLE roles;
DROP TABLE auth.used_codes, auth."rateLimit", auth."passkey", auth."twoFactor", auth."verification", auth."account",
  auth."session", auth."user";
DROP FUNCTION auth.follow_user();
REVOKE USAGE ON SCHEMA auth FROM auraos_identity;
