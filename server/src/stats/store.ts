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

export type CauseRow = {
  code: string;
  message: string | null;
  workflowId: string;
  workflowName: string | null;
  count: number;
  lastExecutionId: string;
  lastAt: Date;
};

/** Ids are UUIDv7 and sort by start. */
export async function listFailureCauses(
  tx: Transaction,
  query: { orgId: string; fromId: string; toId: string; limit: number },
): Promise<CauseRow[]> {
  const { rows } = await tx.query<CauseRow>(
    `SELECT c.*, w.name AS "workflowName", l.error_message AS message, l.started_at AS "lastAt"
     FROM (
       SELECT code, "workflowId", count(*)::int AS count, max(id::text)::uuid AS "lastExecutionId"
       FROM (
         SELECT coalesce(error_code, '') AS code, workflow_id AS "workflowId", id FROM workflow_executions
         WHERE org_id = $1 AND id >= $2::uuid AND id < $3::uuid AND status = 'failed' ORDER BY id DESC LIMIT 10000
       ) AS failed GROUP BY code, "workflowId"
     ) AS c
     JOIN workflow_executions l ON l.id = c."lastExecutionId"
     LEFT JOIN workflows w ON w.id = c."workflowId" AND w.org_id = $1
     ORDER BY c.count DESC, "lastExecutionId" DESC LIMIT $4`,
    [query.orgId, query.fromId, query.toId, query.limit],
  );
  return rows;
}
