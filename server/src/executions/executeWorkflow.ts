// Executes a workflow: start, and wait for the end if the caller wants to.
// Path: routes -> executeWorkflow -> engine start (durable) -> engine waitFor -> reply.
import type { Failure, Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import type { Caller } from "../platform/http.ts";
import { draftTarget, publishedTarget, refuseWrongTrigger, type Target } from "../workflows/findTarget.ts";
import { itemsOf, startExecution, startKey } from "./startExecution.ts";
import { findStatus } from "./store.ts";

export type ExecuteWorkflow = {
  /** Id or name. */
  workflow: string;
  input: unknown;
  /** Of the request, for the key. */
  bytes: Buffer;
  key: string | undefined;
  waitSeconds: number | undefined;
  useDraft: boolean;
  /** Of the draft: only this node and what leads to it. */
  target: string | undefined;
  trigger: string | undefined;
  signal: AbortSignal | undefined;
};

export type Executed = {
  id: string;
  status: string;
  output?: Json;
  failure?: Failure;
  url: string;
  repeated?: boolean;
  isOpen: boolean;
};

export async function executeWorkflow(
  deps: Deps,
  caller: Caller,
  request: ExecuteWorkflow,
): Promise<Executed> {
  const { orgId, envId } = caller;
  const { workflowId, workflowName, versionId }: Target = request.useDraft
    ? await draftTarget(deps, caller, request.workflow, request.target)
    : await publishedTarget(deps, caller, request.workflow);
  if (request.trigger !== undefined) await refuseWrongTrigger(deps, versionId, request.trigger);
  const key = startKey(request.key, "api", request.bytes);
  const { id, repeated } = await startExecution(deps, {
    orgId,
    envId,
    workflowId,
    workflowName,
    versionId,
    mode: request.useDraft ? "test" : "production",
    ...(request.trigger === undefined ? {} : { trigger: request.trigger }),
    items: itemsOf(request.input),
    ...(key === undefined ? {} : { key }),
    actor: caller.actor,
    cause: "api",
  });
  const url = `/api/v1/executions/${id}`;
  const more = { id, url, ...(repeated ? { repeated } : {}) };
  if (request.waitSeconds === undefined || request.waitSeconds === 0)
    return { ...more, status: "running", isOpen: true };
  return { ...more, ...(await settle(deps, caller, id, request.waitSeconds, request.signal)) };
}

async function settle(
  deps: Deps,
  caller: Caller,
  id: string,
  waitSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Omit<Executed, "id" | "url">> {
  const until = signal ? AbortSignal.any([signal, deps.draining]) : deps.draining;
  const settled = await deps.engine.waitFor(id, waitSeconds * 1000, until);
  if (settled.kind === "finished") {
    return {
      status: settled.status,
      ...(settled.output === undefined ? {} : { output: settled.output }),
      ...(settled.failure === undefined ? {} : { failure: settled.failure }),
      isOpen: false,
    };
  }
  const status = await statusOf(deps, caller, id);
  if (settled.kind === "replied") return { status, output: settled.body, isOpen: false };
  return { status, isOpen: true };
}

/** The row is written in the flush that holds the reply, so it is never behind what the caller was told. */
async function statusOf(deps: Deps, caller: Caller, id: string): Promise<string> {
  return (
    (await withTenant(deps.api, caller.orgId, (tx) => findStatus(tx, caller.orgId, id)))?.status ?? "running"
  );
}
