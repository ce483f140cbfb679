// SQL of legal holds. `tx` has its tenant set; every statement names the organization as well.
import type { LegalHold } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";

export type HoldRow = {
  id: string;
  kind: LegalHold["kind"];
  targetId: string;
  targetName: string | null;
  reason: string;
  placedBy: string;
  placedAt: Date;
  releasedBy: string | null;
  releasedAt: Date | null;
};

const columns = `h.id, h.kind, h.target_id AS "targetId", h.reason, h.placed_by AS "placedBy", h.placed_at AS "placedAt",
  h.released_by AS "releasedBy", h.released_at AS "releasedAt",
  (SELECT w.name FROM workflows w WHERE w.org_id = $1 AND w.id = CASE h.kind WHEN 'workflow' THEN h.target_id
    ELSE (SELECT e.workflow_id FROM workflow_executions e WHERE e.org_id = $1 AND e.id = h.target_id) END) AS "targetName"`;

export async function listHolds(
  tx: Transaction,
  page: { orgId: string; before: string | null; limit: number; withReleased: boolean },
): Promise<HoldRow[]> {
  const { rows } = await tx.query<HoldRow>(
    `SELECT ${columns} FROM legal_holds h
     WHERE h.org_id = $1 AND ($2::uuid IS NULL OR h.id < $2) AND ($3 OR h.released_at IS NULL) ORDER BY h.id DESC LIMIT $4`,
    [page.orgId, page.before, page.withReleased, page.limit],
  );
  return rows;
}

export async function findHold(tx: Transaction, orgId: string, id: string): Promise<HoldRow | undefined> {
  const { rows } = await tx.query<HoldRow>(
    `SELECT ${columns} FROM legal_holds h WHERE h.org_id = $1 AND h.id = $2`,
    [orgId, id],
  );
  return rows[0];
}

export async function targetExists(
  tx: Transaction,
  orgId: string,
  kind: LegalHold["kind"],
  id: string,
): Promise<boolean> {
  const table = kind === "workflow" ? "workflows" : "workflow_executions";
  const { rowCount } = await tx.query(`SELECT 1 FROM ${table} WHERE org_id = $1 AND id = $2`, [orgId, id]);
  return rowCount === 1;
}

/** False: it is held already. */
export async function insertHold(
  tx: Transaction,
  hold: Pick<HoldRow, "id" | "kind" | "targetId" | "reason" | "placedBy"> & { orgId: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO legal_holds (id, org_id, kind, target_id, reason, placed_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [hold.id, hold.orgId, hold.kind, hold.targetId, hold.reason, hold.placedBy],
  );
  return rowCount === 1;
}

export async function releaseHold(tx: Transaction, orgId: string, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE legal_holds SET released_by = $3, released_at = now()
     WHERE org_id = $1 AND id = $2 AND released_at IS NULL`,
    [orgId, id, by],
  );
  return rowCount === 1;
}
