// Open connections, kept for the next query of the same database and user. A connection that nobody used for ten
// seconds is closed; a pool without any is forgotten when there are too many.
import { createHash } from "node:crypto";
import pg from "pg";
import type { Target } from "./target.ts";
import { parserOf } from "./values.ts";

const poolsMax = 100;
const pools = new Map<string, pg.Pool>();

/** `address` is where the connections go; it was looked at by the rules, the host of the target is for its certificate. */
export function poolFor(target: Target, address: string, ca: string | undefined): pg.Pool {
  const key = createHash("sha256")
    .update(JSON.stringify([target, address, ca ?? null]))
    .digest("hex");
  const known = pools.get(key);
  if (known) return known;
  if (pools.size >= poolsMax) forgetUnused();
  const { host, port, user, password, database, encryption } = target;
  const pool = new pg.Pool({
    host: address,
    port,
    user,
    password,
    database,
    max: 10,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 15_000,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: "auraos",
    types: { getTypeParser: parserOf },
    ssl:
      encryption === "none"
        ? false
        : {
            rejectUnauthorized: encryption === "verify",
            ...(address === host ? {} : { servername: host }),
            ...(ca === undefined ? {} : { ca }),
          },
  });
  // A connection that breaks while nobody uses it concerns nobody.
  pool.on("error", () => {});
  pools.set(key, pool);
  return pool;
}

function forgetUnused(): void {
  for (const [key, pool] of pools) {
    if (pool.totalCount > 0) continue;
    pools.delete(key);
    void pool.end();
  }
}

/** Closes all connections that nobody uses; for shutting down, and for tests. */
export async function closePools(): Promise<void> {
  const all = [...pools.values()];
  pools.clear();
  await Promise.all(all.map((pool) => pool.end()));
}
