-- People: how they prove who they are (schema auth), and what connects them to organizations.
--
-- The tables of auth are those that better-auth 1.7.6 asks for (core, two-factor, passkey), compiled and kept here so
-- that nothing is migrated at a start. Only auraos_identity reaches them: they hold password hashes and session tokens.

CREATE TABLE auth."user" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "name" text NOT NULL,
  "email" text NOT NULL UNIQUE,
  "emailVerified" boolean NOT NULL,
  "image" text,
  "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "twoFactorEnabled" boolean
);

CREATE TABLE auth."session" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "expiresAt" timestamptz NOT NULL,
  "token" text NOT NULL UNIQUE,
  "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" timestamptz NOT NULL,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid NOT NULL REFERENCES auth."user" ("id") ON DELETE CASCADE,
  -- How this session was signed in: password, passkey, or the name of an identity provider.
  "method" text,
  -- When the person last proved who they are; risky acts want that to be a moment ago.
  "provenAt" timestamptz
);
CREATE INDEX "session_userId_idx" ON auth."session" ("userId");

CREATE TABLE auth."account" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "accountId" text NOT NULL,
  "providerId" text NOT NULL,
  "userId" uuid NOT NULL REFERENCES auth."user" ("id") ON DELETE CASCADE,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" timestamptz NOT NULL
);
CREATE INDEX "account_userId_idx" ON auth."account" ("userId");
CREATE UNIQUE INDEX "account_provider_idx" ON auth."account" ("providerId", "accountId");

CREATE TABLE auth."verification" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "identifier" text NOT NULL,
  "value" text NOT NULL,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "verification_identifier_idx" ON auth."verification" ("identifier");

CREATE TABLE auth."twoFactor" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "secret" text NOT NULL,
  "backupCodes" text NOT NULL,
  "userId" uuid NOT NULL REFERENCES auth."user" ("id") ON DELETE CASCADE,
  "verified" boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
CREATE INDEX "twoFactor_secret_idx" ON auth."twoFactor" ("secret");
CREATE INDEX "twoFactor_userId_idx" ON auth."twoFactor" ("userId");

CREATE TABLE auth."passkey" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "name" text,
  "publicKey" text NOT NULL,
  "userId" uuid NOT NULL REFERENCES auth."user" ("id") ON DELETE CASCADE,
  "credentialID" text NOT NULL UNIQUE,
  "counter" integer NOT NULL,
  "deviceType" text NOT NULL,
  "backedUp" boolean NOT NULL,
  "transports" text,
  "createdAt" timestamptz,
  "aaguid" text
);
CREATE INDEX "passkey_userId_idx" ON auth."passkey" ("userId");

CREATE TABLE auth."rateLimit" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "key" text NOT NULL UNIQUE,
  "count" integer NOT NULL,
  "lastRequest" bigint NOT NULL
);

-- A code of an authenticator app opens one door, once, although it stays valid for a while.
CREATE TABLE auth.used_codes (
  user_id uuid NOT NULL REFERENCES auth."user" ("id") ON DELETE CASCADE,
  sha256 bytea NOT NULL,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, sha256)
);

-- The person that every created_by refers to follows the account, in the same transaction. An account that is deleted
-- leaves the id behind, without a name: what the person made stays whole.
CREATE FUNCTION auth.follow_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM public.memberships WHERE user_id = OLD."id";
    UPDATE public.users SET name = NULL, email = NULL, disabled_at = now() WHERE id = OLD."id";
    RETURN OLD;
  END IF;
  INSERT INTO public.users (id, name, email) VALUES (NEW."id", left(NEW."name", 255), left(NEW."email", 320))
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION auth.follow_user() FROM PUBLIC;
CREATE TRIGGER follow_user AFTER INSERT OR UPDATE OF "name", "email" OR DELETE ON auth."user"
  FOR EACH ROW EXECUTE FUNCTION auth.follow_user();

GRANT USAGE ON SCHEMA auth TO auraos_identity;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO auraos_identity;

-- Roles of an organization's own, beside the built-in ones.
CREATE TABLE roles (
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(40) NOT NULL,
  description varchar(300),
  actions text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, name)
);
CALL wall_tenant('roles');
GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO auraos_api;

-- The token is shown once, to the inviter or in a mail, and never stored.
CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  email varchar(320) NOT NULL,
  role varchar(50) NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  invited_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX invitations_org ON invitations (org_id, id DESC);
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CALL wall_tenant('invitations');
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO auraos_api;

-- With this on, who signed in without a second factor gets no further than setting one up.
ALTER TABLE organizations ADD COLUMN mfa_required boolean NOT NULL DEFAULT false;

-- Who signs in belongs to organizations that are not known yet: identity sees memberships of all of them, and nothing
-- of what the organizations hold.
CREATE PROCEDURE open_to_identity(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE POLICY identity ON %s TO auraos_identity USING (true) WITH CHECK (true)', target);
END $$;
REVOKE ALL ON PROCEDURE open_to_identity(regclass) FROM PUBLIC;
CALL open_to_identity('organizations');
CALL open_to_identity('environments');
CALL open_to_identity('memberships');
CALL open_to_identity('users');
CALL open_to_identity('roles');
CALL open_to_identity('invitations');
GRANT SELECT, INSERT ON organizations, environments TO auraos_identity;
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO auraos_identity;
GRANT SELECT ON users, roles TO auraos_identity;
GRANT SELECT, UPDATE ON invitations TO auraos_identity;
