// The data map: people, rights, keys, the audit log, and what runs the server.
import { entry, type TableEntry } from "./dataMap.types.ts";

export const peopleTables: Readonly<Record<string, TableEntry>> = {
  organizations: entry(
    { class: "identity", keeping: "deleted", purpose: "Tenants" },
    {
      technical: "id slug limits retention_days created_at deleted_at mfa_required timezone",
      setup: "name",
    },
  ),
  environments: entry(
    { class: "identity", keeping: "deleted", purpose: "Environments of a tenant" },
    { technical: "id org_id created_at", setup: "name" },
  ),
  users: entry(
    { class: "identity", keeping: "account", purpose: "The person that every created_by refers to" },
    { technical: "id created_at disabled_at", person: "name email" },
  ),
  memberships: entry(
    { class: "identity", keeping: "account", purpose: "Who belongs to which organization" },
    { technical: "org_id role created_at", person: "user_id" },
  ),
  invitations: entry(
    { class: "identity", keeping: "invitations", purpose: "Who was asked to join" },
    {
      technical: "id org_id role created_at expires_at accepted_at revoked_at",
      person: "email",
      actor: "invited_by",
      secret: "sha256",
    },
  ),
  roles: entry(
    { class: "identity", keeping: "deleted", purpose: "Roles of an organization's own" },
    { technical: "org_id actions created_at", setup: "name description" },
  ),
  api_keys: entry(
    { class: "identity", keeping: "deleted", purpose: "Keys of programs; the key itself is not stored" },
    {
      technical: "id org_id scopes created_at expires_at last_used_at revoked_at",
      setup: "name",
      secret: "sha256 hint",
      actor: "created_by",
    },
  ),
  "auth.user": entry(
    { class: "identity", keeping: "account", purpose: "Accounts" },
    {
      technical: "id emailVerified createdAt updatedAt twoFactorEnabled",
      person: "name email image",
    },
  ),
  "auth.account": entry(
    { class: "identity", keeping: "account", purpose: "How an account signs in" },
    {
      technical: "id providerId userId accessTokenExpiresAt refreshTokenExpiresAt scope createdAt updatedAt",
      person: "accountId",
      secret: "accessToken refreshToken idToken password",
    },
  ),
  "auth.session": entry(
    { class: "identity", keeping: "sessions", purpose: "Who is signed in, from where" },
    {
      technical: "id expiresAt createdAt updatedAt userId method provenAt seenAt",
      person: "ipAddress userAgent",
      secret: "token",
    },
  ),
  "auth.passkey": entry(
    { class: "identity", keeping: "account", purpose: "Passkeys" },
    {
      technical: "id userId counter deviceType backedUp transports createdAt aaguid",
      person: "name",
      secret: "publicKey credentialID",
    },
  ),
  "auth.twoFactor": entry(
    { class: "identity", keeping: "account", purpose: "Second factors" },
    {
      technical: "id userId verified failedVerificationCount lockedUntil",
      secret: "secret backupCodes",
    },
  ),
  "auth.verification": entry(
    { class: "identity", keeping: "handled", purpose: "Codes that were sent and are waited for" },
    { technical: "id expiresAt createdAt updatedAt", person: "identifier", secret: "value" },
  ),
  "auth.rateLimit": entry(
    { class: "operation", keeping: "handled", purpose: "How often an address tried" },
    { technical: "id count lastRequest", person: "key" },
  ),
  "auth.used_codes": entry(
    { class: "identity", keeping: "handled", purpose: "Codes of authenticators that were used" },
    { technical: "user_id used_at", secret: "sha256" },
  ),
  audit_entries: entry(
    { class: "audit", keeping: "audit", purpose: "Who changed what, and who was refused" },
    { technical: "org_id seq hash kind object", actor: "entry actor" },
  ),
  audit_heads: entry(
    { class: "audit", keeping: "audit", purpose: "Where the chain of audit entries ends" },
    { technical: "org_id seq hash" },
  ),
  audit_bases: entry(
    { class: "audit", keeping: "deleted", purpose: "Where the chain of audit entries begins" },
    { technical: "org_id seq hash note removed_at" },
  ),
  vault_keys: entry(
    { class: "connection", keeping: "deleted", purpose: "Keys that seal secrets of an organization" },
    { technical: "org_id version root_id created_at", secret: "wrapped" },
  ),
  payload_keys: entry(
    { class: "payload", keeping: "deleted", purpose: "Keys that seal what executions carry" },
    { technical: "id org_id root_id created_at", secret: "wrapped" },
  ),
  retention_policies: entry(
    { class: "protection", keeping: "deleted", purpose: "How long an organization keeps what" },
    { technical: "org_id class days updated_at", actor: "updated_by" },
  ),
  legal_holds: entry(
    { class: "protection", keeping: "deleted", purpose: "What must not be swept or erased" },
    {
      technical: "id org_id kind target_id placed_at released_at",
      setup: "reason",
      actor: "placed_by released_by",
    },
  ),
  redaction_rules: entry(
    { class: "protection", keeping: "deleted", purpose: "Fields that are hidden, and from whom" },
    {
      technical: "id org_id workflow_id path mode visible_to created_at",
      setup: "note",
      actor: "created_by",
    },
  ),
  reveals: entry(
    { class: "protection", keeping: "reveals", purpose: "Who looked behind a redaction rule, and why" },
    {
      technical: "id org_id execution_id workflow_id run at",
      content: "reason",
      actor: "revealed_by",
    },
  ),
  subject_keys: entry(
    { class: "protection", keeping: "deleted", purpose: "One key per person: what it sealed goes with it" },
    { technical: "id org_id root_id created_at", secret: "mark wrapped" },
  ),
  erasures: entry(
    {
      class: "protection",
      keeping: "deleted",
      purpose: "What was erased of whom, to do it again after a restore",
    },
    {
      technical: "id org_id state root_id requested_at attempts next_at finished_at report",
      setup: "reason",
      actor: "requested_by",
      sealed: "sealed",
    },
  ),
  backup_runs: entry(
    {
      class: "operation",
      keeping: "server",
      purpose: "Backups and drills that were done, and how they ended",
    },
    { technical: "id kind state backup started_at ended_at report failure", actor: "started_by" },
  ),
  engine_lease: entry(
    { class: "operation", keeping: "server", purpose: "Which process writes the journal" },
    { technical: "id epoch holder_id host pid address acquired_at expires_at timeline" },
  ),
  schema_migrations: entry(
    { class: "operation", keeping: "server", purpose: "Which migrations were applied" },
    { technical: "number name checksum applied_at" },
  ),
};
