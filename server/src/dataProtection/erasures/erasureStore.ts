// SQL of the ledger in the database. The API adds and reads; the job, which works for every organization, runs as the owner
// of the schema.
import type { Erasure, ErasureReport } from "@auraos/contract";
import type { Pool, Transaction } from "../../platform/db.ts";
import type { LedgerLine } from "./ledger.ts";

export type ErasureRow = LedgerLine & {
  state: Erasure["state"];
  report: string;
  requestedAt: Date;
  attempts: number;
  finishedAt: Date | null;
};

const columns = `id, org_id AS "orgId", state, root_id AS "rootId", sealed, reason, report, requested_by AS by,
  requested_at AS "requestedAt", attempts, finished_at AS "finishedAt"`;

export async function insertErasure(tx: Transaction, line: LedgerLine): Promise<void> {
  await tx.query(
    `INSERT INTO erasures (id, org_id, root_id, sealed, reason, requested_by, requested_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
    [line.id, line.orgId, line.rootId, line.sealed, line.reason, line.by, line.at],
  );
}

/** To be done again, from the beginning. */
export async function queueAgain(pool: Pool, line: LedgerLine): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO erasures (id, org_id, root_id, sealed, reason, requested_by, requested_at)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT 1 FROM organizations WHERE id = $2)
     ON CONFLICT (id) DO UPDATE SET state = 'queued', next_at = now()`,
    [line.id, line.orgId, line.rootId, line.sealed, line.reason, line.by, line.at],
  );
  return rowCount === 1;
}

export async function listErasures(
  tx: Transaction,
  page: { orgId: string; before: string | null; limit: number },
): Promise<ErasureRow[]> {
  const { rows } = await tx.query<ErasureRow>(
    `SELECT ${columns} FROM erasures WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [page.orgId, page.before, page.limit],
  );
  return rows;
}

export async function findErasure(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<ErasureRow | undefined> {
  const { rows } = await tx.query<ErasureRow>(
    `SELECT ${columns} FROM erasures WHERE org_id = $1 AND id = $2`,
    [orgId, id],
  );
  return rows[0];
}

export async function everyErasure(pool: Pool): Promise<(LedgerLine & { requestedAt: Date })[]> {
  const { rows } = await pool.query<LedgerLine & { requestedAt: Date }>(
    `SELECT ${columns} FROM erasures ORDER BY id`,
  );
  return rows;
}

/** The next one that is due, taken for a while: a process that dies with it loses it to the next. */
export async function takeErasure(pool: Pool, leaseSeconds: number): Promise<ErasureRow | undefined> {
  const { rows } = await pool.query<ErasureRow>(
    `UPDATE erasures SET state = 'running', attempts = attempts + 1, next_at = now() + make_interval(secs => $1)
     WHERE id = (SELECT id FROM erasures WHERE state <> 'done' AND next_at <= now() ORDER BY next_at, id LIMIT 1
       FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
    [leaseSeconds],
  );
  return rows[0];
}

export async function settleErasure(
  pool: Pool,
  id: string,
  outcome: { state: "queued" | "waiting" | "done"; report?: ErasureReport; againSeconds: number },
): Promise<void> {
  await pool.query(
    `UPDATE erasures SET state = $2::text, report = coalesce($3::text, report), next_at = now() + make_interval(secs => $4),
       finished_at = CASE WHEN $2::text = 'done' THEN now() END WHERE id = $1`,
    [
      id,
      outcome.state,
      outcome.report === undefined ? null : JSON.stringify(outcome.report),
      outcome.againSeconds,
    ],
  );
}
