// SQL of the keys of persons. `tx` has its tenant set; every statement names the organization as well.
import type { Transaction } from "../platform/db.ts";

export type SubjectKeyRow = { id: string; rootId: string; wrapped: Buffer };

export async function findSubjectKey(
  tx: Transaction,
  orgId: string,
  marks: readonly Buffer[],
): Promise<SubjectKeyRow | undefined> {
  const { rows } = await tx.query<SubjectKeyRow>({
    name: "subject-key",
    text: `SELECT id, root_id AS "rootId", wrapped FROM subject_keys WHERE org_id = $1 AND mark = ANY ($2::bytea[])`,
    values: [orgId, marks],
  });
  return rows[0];
}

export async function findSubjectKeyById(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<SubjectKeyRow | undefined> {
  const { rows } = await tx.query<SubjectKeyRow>({
    name: "subject-key-by-id",
    text: `SELECT id, root_id AS "rootId", wrapped FROM subject_keys WHERE org_id = $1 AND id = $2`,
    values: [orgId, id],
  });
  return rows[0];
}

export async function insertSubjectKey(
  tx: Transaction,
  orgId: string,
  key: SubjectKeyRow & { mark: Buffer },
): Promise<void> {
  await tx.query(
    `INSERT INTO subject_keys (id, org_id, mark, root_id, wrapped) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (org_id, mark) DO NOTHING`,
    [key.id, orgId, key.mark, key.rootId, key.wrapped],
  );
}

export async function deleteSubjectKey(
  tx: Transaction,
  orgId: string,
  marks: readonly Buffer[],
): Promise<boolean> {
  const { rowCount } = await tx.query(
    "DELETE FROM subject_keys WHERE org_id = $1 AND mark = ANY ($2::bytea[])",
    [orgId, marks],
  );
  return (rowCount ?? 0) > 0;
}
