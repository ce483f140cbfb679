// The roles of platform/db.ts on this server, the login's membership in them, and the schema of identity. Roles belong to the whole
// server, so they may be there already, and another database may be making them at this very moment.
import type pg from "pg";
import type { DatabaseRole } from "../platform/db.ts";
import { sqlState } from "../platform/db.ts";
import { MigrationError } from "./migrationError.ts";

const ROLES: readonly DatabaseRole[] = ["auraos_owner", "auraos_engine", "auraos_api", "auraos_identity"];
const ATTEMPTS = 5;

export async function ensureRoles(client: pg.Client): Promise<void> {
  for (const role of ROLES) {
    await ensure(
      () => client.query(`CREATE ROLE ${role} NOLOGIN`),
      () => exists(client, role),
      client,
    );
    await ensure(
      () => client.query(`GRANT ${role} TO CURRENT_USER`),
      () => isMember(client, role),
      client,
    );
  }
  for (const role of ROLES) {
    const rights = role === "auraos_owner" ? ["USAGE", "CREATE"] : ["USAGE"];
    for (const right of rights) {
      const has = () => hasSchemaRight(client, role, right);
      await ensure(() => client.query(`GRANT ${right} ON SCHEMA public TO ${role}`), has, client);
    }
  }
  // Made by the login: the owner of our tables has no right to make schemas, and needs none.
  await ensure(
    () => client.query("CREATE SCHEMA auth AUTHORIZATION auraos_owner"),
    () => hasAuthSchema(client),
    client,
  );
}

async function ensure(
  make: () => Promise<unknown>,
  isThere: () => Promise<boolean>,
  client: pg.Client,
): Promise<void> {
  for (let attempt = 1; !(await isThere()); attempt += 1) {
    try {
      await make();
    } catch (error) {
      const state = sqlState(error);
      if (state === "42501") throw notAllowed(await loginOf(client), error);
      // Somebody else was faster (duplicate_object, unique_violation, "tuple concurrently updated").
      const isRace = state === "42710" || state === "42P06" || state === "23505" || state === "XX000";
      if (!isRace || attempt === ATTEMPTS) throw error;
    }
  }
}

async function exists(client: pg.Client, role: DatabaseRole): Promise<boolean> {
  const found = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
  return found.rowCount === 1;
}

/**
 * May the login become this role? A superuser may. From 16 on, who made a role is its administrator and still may not
 * become it without a grant.
 */
async function isMember(client: pg.Client, role: DatabaseRole): Promise<boolean> {
  const found = await client.query(
    `SELECT pg_has_role(current_user, $1, CASE WHEN current_setting('server_version_num')::int >= 160000
      THEN 'SET' ELSE 'MEMBER' END) AS yes`,
    [role],
  );
  return found.rows[0].yes;
}

async function hasSchemaRight(client: pg.Client, role: DatabaseRole, right: string): Promise<boolean> {
  const found = await client.query("SELECT has_schema_privilege($1, 'public', $2) AS yes", [role, right]);
  return found.rows[0].yes;
}

async function hasAuthSchema(client: pg.Client): Promise<boolean> {
  const found = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'auth'");
  return found.rowCount === 1;
}

async function loginOf(client: pg.Client): Promise<string> {
  const found = await client.query("SELECT quote_ident(current_user) AS login");
  return found.rows[0].login;
}

function notAllowed(login: string, cause: unknown): MigrationError {
  const names = ROLES.join(", ");
  return new MigrationError(
    "ROLES_NOT_ALLOWED",
    `AuraOS keeps its tables under roles of their own, and the database user ${login} may not make them. As a ` +
      `superuser of this server run, in this database: ${ROLES.map((role) => `CREATE ROLE ${role} NOLOGIN;`).join(" ")} ` +
      `GRANT ${names} TO ${login}; GRANT USAGE ON SCHEMA public TO ${names}; ` +
      "GRANT CREATE ON SCHEMA public TO auraos_owner; CREATE SCHEMA auth AUTHORIZATION auraos_owner; and start again. (Leave out what exists already.)",
    { cause },
  );
}
