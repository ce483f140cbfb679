// Connections to PostgreSQL: pools by role, transactions, the tenant wall, and what an error means.
//
// Roles. The server has one login (the embedded superuser, or the user of DATABASE_URL) that is a member of three
// roles without login; a connection becomes one of them at its start (`-c role=`). No further passwords to keep,
// and whoever reads the code sees which rights a pool has. The role is a wall against our own mistakes, not
// against somebody who can send arbitrary SQL (RESET ROLE exists): statements are parameterised, always.
//   auraos_owner   owns the schema: migrations, partitions, retention
//   auraos_engine  the journal of every tenant, nothing of identity, keys, credentials
//   auraos_identity  accounts, sessions and memberships (schema auth); nothing of what organizations hold
//   auraos_api     rows of the tenant in `app.tenant` only, under forced row-level security
import pg from "pg";

export type DatabaseRole = "auraos_owner" | "auraos_engine" | "auraos_api" | "auraos_identity";
export type Pool = pg.Pool;
export type Transaction = pg.PoolClient;

// int8 arrives as text by default, which turned a retry-after into a date in the year 5000. Ours stay below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type PoolOptions = { role: DatabaseRole; name: string; max?: number };

export function openPool(url: string, options: PoolOptions): Pool {
  const pool = new pg.Pool({
    ...clientConfig(url, options),
    max: options.max ?? 10,
    idleTimeoutMillis: 30_000,
  });
  // A connection that breaks is replaced by the pool, and whoever uses it sees its query fail. Without a listener of each,
  // the idle ones (the pool's) and those in the middle of a transaction (the client's), it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

export function clientConfig(url: string, options: Pick<PoolOptions, "role" | "name">): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: `auraos ${options.name}`,
    options: `-c role=${options.role} -c timezone=UTC${options.role === "auraos_identity" ? " -c search_path=auth,public" : ""}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}

export async function transaction<T>(pool: Pool, action: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTransaction(pool, "BEGIN", action);
}

/** One consistent picture of several queries, and no write by mistake. */
export async function snapshot<T>(pool: Pool, action: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTransaction(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", action);
}

/** Everything inside sees and writes rows of this organization only. SET LOCAL: session level leaks to the next user. */
export async function withTenant<T>(
  pool: Pool,
  orgId: string,
  action: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, "BEGIN", async (tx) => {
    await setTenant(tx, orgId);
    return action(tx);
  });
}

/** For transactions of another kind, such as a snapshot. */
export async function setTenant(tx: Transaction, orgId: string): Promise<void> {
  await tx.query({
    name: "set-tenant",
    text: "SELECT set_config('app.tenant', $1::uuid::text, true)",
    values: [orgId],
  });
}

async function inTransaction<T>(
  pool: Pool,
  begin: string,
  action: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query(begin);
    const result = await action(tx);
    await tx.query("COMMIT");
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given back to the pool.
    await tx.query("ROLLBACK").catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}

/**
 * data         the values themselves cannot be stored: another try fails the same way
 * full         no space left
 * busy         lock, deadlock, serialisation, too many connections, shutting down: the same may work later
 * corrupt      the database says that its files contradict themselves
 * lost         the connection ended; a statement under way may have been committed or not
 * other        our own mistake (syntax, rights, missing table), or nothing of the database
 */
export type DatabaseTrouble = "data" | "full" | "busy" | "corrupt" | "lost" | "other";

export function classifyDatabaseError(error: unknown): DatabaseTrouble {
  const state = sqlState(error);
  if (state === undefined) return isMistake(error) ? "other" : "lost";
  // FATAL ends the connection, at a moment nobody knows: also between the commit and its answer.
  if (["FATAL", "PANIC"].includes((error as pg.DatabaseError).severity ?? "")) return "lost";
  if (state === "53100") return "full";
  if (state === "XX001" || state === "XX002") return "corrupt";
  const kind = state.slice(0, 2);
  // 21: the same row twice in one upsert; 54: too long for an index, nested too deeply.
  if (["21", "22", "23", "54"].includes(kind)) return "data";
  // 25006: the server has become a read-only standby. 58: the operating system failed it.
  if (["08", "40", "53", "55", "57", "58"].includes(kind) || state === "25006") return "busy";
  return "other";
}

/** The five characters of the standard, or undefined when the server did not say anything. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Lost connections come as plain errors, with a code of the operating system or with none: told apart by class only. */
function isMistake(error: unknown): boolean {
  return [TypeError, RangeError, SyntaxError, ReferenceError].some((kind) => error instanceof kind);
}
