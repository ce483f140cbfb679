// History and present state of executions for other capabilities (the live stream begins with them).
import type { Fact } from "@auraos/kernel";
import type { BodyCipher } from "../engine/engine.types.ts";
import type { Transaction } from "../platform/db.ts";
import { openTurns } from "./openBodies.ts";
import { type ExecutionRow, findExecution, listExecutions, listTurns } from "./store.ts";

export type RecordedTurn = { seq: number; at: Date; facts: Fact[] };

/** Recorded turns after `after`, as they were recorded: big values stand as references. */
export async function historyAfter(
  tx: Transaction,
  cipher: BodyCipher,
  query: { orgId: string; executionId: string; after: number; limit: number },
): Promise<{ workflowId: string; turns: RecordedTurn[] }> {
  const rows = await openTurns(cipher, query, await listTurns(tx, query));
  if (rows.length === 0) return { workflowId: "", turns: [] };
  const execution = await findExecution(tx, query.orgId, query.executionId);
  const turns = rows.map(({ seq, at, body }) => ({
    seq,
    at,
    facts: JSON.parse(Buffer.from(body).toString("utf8")) as Fact[],
  }));
  return { workflowId: execution?.workflowId ?? "", turns };
}

/** The one execution, or the newest ones of a workflow or of everything. */
export async function currentExecutions(
  tx: Transaction,
  query: { orgId: string; executionId: string | null; workflowId: string | null; limit: number },
): Promise<ExecutionRow[]> {
  const { orgId, executionId, workflowId, limit } = query;
  if (executionId !== null) {
    const found = await findExecution(tx, orgId, executionId);
    return found ? [found] : [];
  }
  const { rows } = await listExecutions(tx, {
    orgId,
    workflow: workflowId,
    statuses: null,
    mode: null,
    error: null,
    parent: null,
    search: null,
    fromId: null,
    beforeId: null,
    limit,
  });
  return rows;
}
