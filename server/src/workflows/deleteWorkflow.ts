// Deletes a workflow: its addresses and schedules end, its executions and their history stay. While executions are open it is
// refused, unless they are to be cancelled.
import type { Deps } from "../deps.ts";
import { endSubscriptions } from "../events/registerSubscriptions.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { endSchedules } from "../schedules/registerSchedules.ts";
import { endTriggers } from "../triggers/registerTriggers.ts";
import { registerHooks } from "../webhooks/registerHooks.ts";
import { afterPublish } from "./publishWorkflow.ts";
import { findWorkflow, listOpenExecutions, markDeleted } from "./store.ts";

const CANCELLED_AT_ONCE_MAX = 1000;

export async function deleteWorkflow(deps: Deps, caller: Caller, id: string, force: boolean): Promise<void> {
  const { orgId, envId } = caller;
  const open = await withTenant(deps.api, orgId, async (tx) => {
    const row = await findWorkflow(tx, orgId, id, { lock: true });
    if (!row) throw notFound("workflow with this id");
    const ids = await listOpenExecutions(tx, orgId, id, CANCELLED_AT_ONCE_MAX);
    if (ids.length > 0 && !force)
      throw refuse(
        409,
        "EXECUTIONS_OPEN",
        `The workflow has ${ids.length === CANCELLED_AT_ONCE_MAX ? "many" : ids.length} open execution(s).`,
        "Wait for them, or delete with ?force=1, which cancels them.",
      );
    await registerHooks(tx, { orgId, envId, workflowId: id, versionId: "" }, []);
    await endSchedules(tx, { orgId, workflowId: id }, { all: true });
    await endTriggers(tx, { orgId, workflowId: id });
    await endSubscriptions(tx, { orgId, workflowId: id });
    await markDeleted(tx, orgId, id);
    return ids;
  });
  await afterPublish(deps, id);
  for (const executionId of open)
    await deps.engine.deliver(executionId, {
      type: "CancelRequested",
      reason: "The workflow was deleted.",
      by: caller.actor,
    });
}
