// What the live stream reads to begin with: the history of an execution, and where things stand.
import type { LiveState, Subscription } from "@auraos/contract";
import type { BodyCipher } from "../engine/engine.types.ts";
import { currentExecutions, historyAfter } from "../executions/readHistory.ts";
import { type Pool, type Transaction, withTenant } from "../platform/db.ts";
import type { IsHidden, LiveReads } from "./hub.ts";
import { summarise } from "./summarise.ts";

const STATE_EXECUTIONS_MAX = 200;

export function createLiveReads(api: Pool, cipher: BodyCipher, isHidden: IsHidden): LiveReads {
  return {
    turnsAfter: (orgId, executionId, seq, limit) =>
      withTenant(api, orgId, async (tx) => {
        const { workflowId, turns } = await historyAfter(tx, cipher, {
          orgId,
          executionId,
          after: seq,
          limit,
        });
        return turns.map((turn) => ({
          executionId,
          workflowId,
          seq: turn.seq,
          at: turn.at.toISOString(),
          // References to big values stay references: the summary shows none of their data.
          facts: summarise(turn.facts, isHidden(orgId, workflowId)),
        }));
      }),
    stateOf: (orgId, to) => withTenant(api, orgId, (tx) => stateOf(tx, orgId, to)),
  };
}

async function stateOf(
  tx: Transaction,
  orgId: string,
  { to, id }: Subscription,
): Promise<LiveState["executions"]> {
  const rows = await currentExecutions(tx, {
    orgId,
    executionId: to === "execution" ? (id ?? null) : null,
    workflowId: to === "workflow" ? (id ?? null) : null,
    limit: STATE_EXECUTIONS_MAX,
  });
  return rows.map((row) => ({
    executionId: row.id,
    workflowId: row.workflowId,
    status: row.status,
    seq: null,
    startedAt: row.startedAt.toISOString(),
  }));
}
