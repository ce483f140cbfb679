// SQL of the limits of organizations: a JSON object in their row, null and absent alike mean none.
import type { OrganizationLimitsBody } from "@auraos/contract";
import type { Pool, Transaction } from "../platform/db.ts";

export type StoredLimits = Partial<OrganizationLimitsBody>;

/** Of all organizations that have any. */
export async function loadLimits(journal: Pool): Promise<{ orgId: string; limits: StoredLimits }[]> {
  const { rows } = await journal.query<{ orgId: string; limits: StoredLimits }>({
    name: "organization-limits",
    text: `SELECT id AS "orgId", limits FROM organizations WHERE limits <> '{}'`,
  });
  return rows;
}

export async function findLimits(tx: Transaction, orgId: string): Promise<StoredLimits | undefined> {
  const { rows } = await tx.query<{ limits: StoredLimits }>(
    "SELECT limits FROM organizations WHERE id = $1 AND deleted_at IS NULL",
    [orgId],
  );
  return rows[0]?.limits;
}

export async function saveLimits(tx: Transaction, orgId: string, limits: StoredLimits): Promise<boolean> {
  const { rowCount } = await tx.query(
    "UPDATE organizations SET limits = $2 WHERE id = $1 AND deleted_at IS NULL",
    [orgId, limits],
  );
  return rowCount === 1;
}

export async function countOpen(journal: Pool, orgId: string): Promise<number> {
  const { rows } = await journal.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM open_executions WHERE org_id = $1 AND status <> 'parked'",
    [orgId],
  );
  return rows[0]?.count ?? 0;
}
