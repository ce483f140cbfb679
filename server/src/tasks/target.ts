// What a task really runs: the workflow that it names, or one that is made for its node or its script, so that every
// task is durable, has a history and can be looked into.
import type { TaskBody } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/http.ts";
import { createWorkflow } from "../workflows/createWorkflow.ts";
import { deleteWorkflow } from "../workflows/deleteWorkflow.ts";
import { publishedTarget, refuseWrongTrigger } from "../workflows/findTarget.ts";
import { publishWorkflow } from "../workflows/publishWorkflow.ts";
import { storeDraft } from "../workflows/storeDraft.ts";

export type Target = { workflowId: string; isOwn: boolean };
type Before = { workflowId: string | null; hasOwnWorkflow: boolean };

export async function resolveTarget(
  deps: Deps,
  caller: Caller,
  body: TaskBody,
  before: Before | null,
): Promise<Target> {
  const { run } = body;
  if (run.kind === "workflow") {
    const target = await publishedTarget(deps, caller, run.workflow);
    if (run.trigger !== undefined) await refuseWrongTrigger(deps, target.versionId, run.trigger);
    return { workflowId: target.workflowId, isOwn: false };
  }
  const definition = definitionOf(body);
  if (before?.hasOwnWorkflow && before.workflowId !== null) {
    const stored = await storeDraft(deps, caller, {
      id: before.workflowId,
      body: definition,
      ifMatch: undefined,
    });
    // Its problems are said by publishing.
    await publishWorkflow(deps, caller, stored.id);
    return { workflowId: before.workflowId, isOwn: true };
  }
  return { workflowId: await createWorkflow(deps, caller, { body: definition, publish: true }), isOwn: true };
}

/** Its executions and their history stay. */
export async function retireTarget(deps: Deps, caller: Caller, workflowId: string): Promise<void> {
  await deleteWorkflow(deps, caller, workflowId, true);
}

function definitionOf({ name, run }: TaskBody) {
  const work =
    run.kind === "script"
      ? { id: "work", type: "code", config: { code: run.code } }
      : {
          id: "work",
          type: run.kind === "node" ? run.type : "noop",
          config: run.kind === "node" ? run.config : {},
        };
  return {
    name: `Task: ${name}`.slice(0, 255),
    description: "Made for this task; it changes with it.",
    nodes: [{ id: "start", type: "trigger.manual", config: {} }, work],
    connections: [{ from: "start", to: "work" }],
  };
}
