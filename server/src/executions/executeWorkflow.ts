// Executes a workflow: start, and wait for the end if the caller wants to.
// Path: routes -> executeWorkflow -> engine start (durable) -> engine waitFor -> reply.
import type { Failure, Json, WorkflowDefinition } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { invalid, notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { findTestVersion, findWorkflow, findWorkflowId, insertVersion } from "../workflows/store.ts";
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

type Target = { workflowId: string; workflowName: string; versionId: string };

export async function executeWorkflow(
  deps: Deps,
  caller: Caller,
  request: ExecuteWorkflow,
): Promise<Executed> {
  const { orgId, envId } = caller;
  const target = request.useDraft
    ? await draftOf(deps, caller, request.workflow)
    : await publishedOf(deps, caller, request.workflow);
  if (request.trigger !== undefined) await refuseWrongTrigger(deps, target.versionId, request.trigger);
  const key = startKey(request.key, "api", request.bytes);
  const { id, repeated } = await startExecution(deps, {
    orgId,
    envId,
    ...target,
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

async function publishedOf(deps: Deps, caller: Caller, workflow: string): Promise<Target> {
  const found = await deps.published.find(caller.orgId, workflow);
  if (found) return found;
  const row = await workflowOf(deps, caller, workflow);
  const problems = deps.programs.problemsOf(JSON.parse(row.draft));
  if (problems.length > 0)
    throw invalid("The workflow is not published, and its draft has problems.", problems);
  throw refuse(
    409,
    "NOT_PUBLISHED",
    `The workflow "${row.name}" has no published version.`,
    "Publish it first (POST .../publish), or try the draft out with ?draft=1.",
  );
}

/** What is tried out is kept as a version of its own: the draft may be saved again while it runs. */
async function draftOf(deps: Deps, caller: Caller, workflow: string): Promise<Target> {
  const { orgId } = caller;
  const row = await workflowOf(deps, caller, workflow);
  const definition = JSON.parse(row.draft) as WorkflowDefinition;
  const problems = deps.programs.problemsOf(definition);
  if (problems.length > 0) throw invalid("The draft has problems; nothing was started.", problems);
  const target = { workflowId: row.id, workflowName: row.name };
  if (row.publishedVersionId !== null && row.publishedHash?.equals(row.draftHash))
    return { ...target, versionId: row.publishedVersionId };
  const versionId = await withTenant(deps.api, orgId, async (tx) => {
    await findWorkflow(tx, orgId, row.id, { lock: true });
    const known = await findTestVersion(tx, orgId, row.id, row.draftHash);
    if (known !== undefined) return known;
    const id = deps.newId();
    const version = { id, workflowId: row.id, orgId, kind: "test", version: null } as const;
    await insertVersion(tx, { ...version, definition: row.draft, hash: row.draftHash });
    return id;
  });
  return { ...target, versionId };
}

async function workflowOf(deps: Deps, caller: Caller, workflow: string) {
  const row = await withTenant(deps.api, caller.orgId, async (tx) => {
    const id = await findWorkflowId(tx, caller.orgId, workflow);
    return id === undefined ? undefined : await findWorkflow(tx, caller.orgId, id);
  });
  if (!row) throw notFound("workflow with this id or name", "GET /api/v1/workflows lists those there are.");
  return row;
}

async function refuseWrongTrigger(deps: Deps, versionId: string, trigger: string): Promise<void> {
  const version = await deps.programs.definitionOf(versionId);
  const node = version?.definition.nodes.find(({ id }) => id === trigger);
  if (node && deps.nodeType(node.type)?.category === "trigger") return;
  throw refuse(
    422,
    "TRIGGER_UNKNOWN",
    `"${trigger}" is no trigger of this workflow.`,
    "Leave ?trigger out, or name one.",
  );
}
