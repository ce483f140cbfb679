// SQL of statistics that is not the engine's.
import type { Transaction } from "../platform/db.ts";

export async function listWorkflowNames(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; name: string }>(
    "SELECT id, name FROM workflows WHERE org_id = $1 AND id = ANY($2::uuid[])",
    [orgId, ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
