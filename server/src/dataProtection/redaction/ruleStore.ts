// SQL of redaction rules and of reveals. `tx` has its tenant set; every statement names the organization as well.
import type { Pool, Transaction } from "../../platform/db.ts";

export type RuleRow = {
  id: string;
  orgId: string;
  workflowId: string | null;
  workflowName: string | null;
  path: string;
  mode: "hide" | "mask";
  visibleTo: string[];
  note: string | null;
  createdBy: string;
  createdAt: Date;
};

const columns = `r.id, r.org_id AS "orgId", r.workflow_id AS "workflowId", r.path, r.mode, r.visible_to AS "visibleTo", r.note,
  r.created_by AS "createdBy", r.created_at AS "createdAt"`;

/** Of every organization: for the memory of the server. */
export async function allRules(journal: Pool): Promise<Omit<RuleRow, "workflowName">[]> {
  const { rows } = await journal.query<RuleRow>({
    name: "redaction-rules",
    text: `SELECT ${columns} FROM redaction_rules r ORDER BY r.id`,
  });
  return rows;
}

export async function listRules(tx: Transaction, orgId: string): Promise<RuleRow[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${columns}, w.name AS "workflowName" FROM redaction_rules r
     LEFT JOIN workflows w ON w.id = r.workflow_id AND w.org_id = $1
     WHERE r.org_id = $1 ORDER BY w.name NULLS FIRST, r.path, r.id`,
    [orgId],
  );
  return rows;
}

export async function insertRule(
  tx: Transaction,
  rule: Omit<RuleRow, "workflowName" | "createdAt">,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO redaction_rules (id, org_id, workflow_id, path, mode, visible_to, note, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [rule.id, rule.orgId, rule.workflowId, rule.path, rule.mode, rule.visibleTo, rule.note, rule.createdBy],
  );
  return rowCount === 1;
}

export async function deleteRule(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM redaction_rules WHERE org_id = $1 AND id = $2", [
    orgId,
    id,
  ]);
  return rowCount === 1;
}

export async function findWorkflow(tx: Transaction, orgId: string, id: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ name: string }>(
    "SELECT name FROM workflows WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL",
    [orgId, id],
  );
  return rows[0]?.name;
}

export type RevealRow = {
  id: string;
  executionId: string;
  workflowId: string;
  run: string | null;
  reason: string;
  by: string;
  at: Date;
};

export async function insertReveal(
  tx: Transaction,
  orgId: string,
  row: Omit<RevealRow, "at">,
): Promise<void> {
  await tx.query(
    `INSERT INTO reveals (id, org_id, execution_id, workflow_id, run, reason, revealed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, orgId, row.executionId, row.workflowId, row.run, row.reason, row.by],
  );
}

export async function listReveals(
  tx: Transaction,
  page: { orgId: string; before: string | null; limit: number },
): Promise<RevealRow[]> {
  const { rows } = await tx.query<RevealRow>(
    `SELECT id, execution_id AS "executionId", workflow_id AS "workflowId", run, reason, revealed_by AS by, at FROM reveals
     WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [page.orgId, page.before, page.limit],
  );
  return rows;
}
