// SQL of what organizations keep for how long. `tx` has its tenant set; every statement names the organization as well.
import type { RetentionClass } from "@auraos/contract";
import type { Pool, Transaction } from "../platform/db.ts";

export type PolicyRow = { class: RetentionClass; days: number; updatedBy: string | null; updatedAt: Date };

export async function listPolicies(tx: Transaction, orgId: string): Promise<PolicyRow[]> {
  const { rows } = await tx.query<PolicyRow>(
    `SELECT class, days, updated_by AS "updatedBy", updated_at AS "updatedAt" FROM retention_policies WHERE org_id = $1`,
    [orgId],
  );
  return rows;
}

export async function findExecutionDays(tx: Transaction, orgId: string): Promise<number | null> {
  const { rows } = await tx.query<{ days: number | null }>(
    "SELECT retention_days AS days FROM organizations WHERE id = $1",
    [orgId],
  );
  return rows[0]?.days ?? null;
}

/** Executions have theirs with the organization too: partitions are dropped by it. */
export async function putPolicy(
  tx: Transaction,
  policy: { orgId: string; class: RetentionClass; days: number | null; by: string },
): Promise<void> {
  const { orgId, days, by } = policy;
  if (policy.class === "executions")
    await tx.query("UPDATE organizations SET retention_days = $2 WHERE id = $1", [orgId, days]);
  if (days === null)
    await tx.query("DELETE FROM retention_policies WHERE org_id = $1 AND class = $2", [orgId, policy.class]);
  else
    await tx.query(
      `INSERT INTO retention_policies (org_id, class, days, updated_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT (org_id, class) DO UPDATE SET days = excluded.days, updated_by = excluded.updated_by, updated_at = now()`,
      [orgId, policy.class, days, by],
    );
}

/** Of every organization; for the sweep, which runs as the owner of the schema. */
export async function allPolicies(pool: Pool): Promise<(PolicyRow & { orgId: string })[]> {
  const { rows } = await pool.query<PolicyRow & { orgId: string }>(
    `SELECT org_id AS "orgId", class, days, updated_by AS "updatedBy", updated_at AS "updatedAt" FROM retention_policies`,
  );
  return rows;
}

export async function allOrganizations(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM organizations ORDER BY id");
  return rows.map(({ id }) => id);
}
