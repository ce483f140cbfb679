// Rows of host_limits: of hosts by their names, of connections by what limiter.ts calls their key.
import type { Pool, Transaction } from "../platform/db.ts";
import { connectionKey } from "./limiter.ts";

export type LimitRow = {
  orgId: string;
  host: string;
  concurrency: number | null;
  requests: number | null;
  perSeconds: number;
  updatedAt: Date;
};

const columns = `org_id AS "orgId", host, concurrency, requests, per_seconds AS "perSeconds", updated_at AS "updatedAt"`;

/** Of all organizations, for the limiter; asked as the engine. */
export async function allLimits(pool: Pool): Promise<LimitRow[]> {
  return (await pool.query<LimitRow>(`SELECT ${columns} FROM host_limits`)).rows;
}

/** Of hosts, or of connections. */
export async function listLimits(
  tx: Transaction,
  orgId: string,
  of: "hosts" | "connections",
): Promise<LimitRow[]> {
  const { rows } = await tx.query<LimitRow>(
    `SELECT ${columns} FROM host_limits WHERE org_id = $1 AND starts_with(host, $2) = $3 ORDER BY host`,
    [orgId, connectionKey(""), of === "connections"],
  );
  return rows;
}

export async function putLimit(
  tx: Transaction,
  limit: Omit<LimitRow, "updatedAt"> & { actor: string },
): Promise<LimitRow> {
  const { rows } = await tx.query<LimitRow>(
    `INSERT INTO host_limits (org_id, host, concurrency, requests, per_seconds, updated_by)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (org_id, host) DO UPDATE SET concurrency = excluded.concurrency, requests = excluded.requests,
        per_seconds = excluded.per_seconds, updated_by = excluded.updated_by, updated_at = now()
      RETURNING ${columns}`,
    [limit.orgId, limit.host, limit.concurrency, limit.requests, limit.perSeconds, limit.actor],
  );
  return rows[0] as LimitRow;
}

/** False when there was none. */
export async function deleteLimit(tx: Transaction, orgId: string, host: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM host_limits WHERE org_id = $1 AND host = $2", [
    orgId,
    host,
  ]);
  return rowCount === 1;
}
