// What the live stream reads to begin with: the history of an execution, and where things stand.
import type { LiveState, Subscription } from "@auraos/contract";
import type { Fact } from "@auraos/kernel";
import { findExecution, listExecutions, listTurns } from "../executions/store.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import type { LiveReads } from "./hub.ts";
import { summarise } from "./summarise.ts";

const STATE_EXECUTIONS_MAX = 200;

export function createLiveReads(api: Pool): LiveReads {
  return {
    turnsAfter: (orgId, executionId, seq, limit) =>
      withTenant(api, orgId, async (tx) => {
        const rows = await listTurns(tx, { orgId, executionId, after: seq, limit });
        if (rows.length === 0) return [];
        const workflowId = (await findExecution(tx, orgId, executionId))?.workflowId ?? "";
        return rows.map((row) => ({
          executionId,
          workflowId,
          seq: row.seq,
          at: row.at.toISOString(),
          // References to big values stay references: the summary shows none of their data.
          facts: summarise(JSON.parse(row.body.toString("utf8")) as Fact[]),
        }));
      }),
    stateOf: (orgId, to) => withTenant(api, orgId, (tx) => stateOf(tx, orgId, to)),
  };
}

async function stateOf(
  tx: Parameters<typeof findExecution>[0],
  orgId: string,
  to: Subscription,
): Promise<LiveState["executions"]> {
  const id = to.id ?? null;
  const none = { mode: null, error: null, parent: null, fromId: null, beforeId: null };
  const one = to.to === "execution" && id !== null ? await findExecution(tx, orgId, id) : undefined;
  const workflow = to.to === "workflow" ? id : null;
  const rows = one
    ? [one]
    : to.to === "execution"
      ? []
      : await listExecutions(tx, { orgId, workflow, statuses: null, ...none, limit: STATE_EXECUTIONS_MAX });
  return rows.map((row) => ({
    executionId: row.id,
    workflowId: row.workflowId,
    status: row.status,
    seq: null,
    startedAt: row.startedAt.toISOString(),
  }));
}
