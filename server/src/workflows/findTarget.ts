// Which version an execution is to run: the published one of a workflow, or its draft as it is at this moment.
import type { WorkflowDefinition } from "@auraos/kernel";
import { checkUses } from "../connections/checkUses.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { invalid, notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { readDefinition } from "./definitionText.ts";
import { partLeadingTo } from "./partOfDefinition.ts";
import { findTestVersion, findVersion, findWorkflow, findWorkflowId, insertVersion } from "./store.ts";

export type Target = { workflowId: string; workflowName: string; versionId: string };

/** `last`: the top-level node that the part ends with, when only a part is tried out. */
export type DraftTarget = Target & { last?: string };

export async function publishedTarget(deps: Deps, caller: Caller, workflow: string): Promise<Target> {
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

/**
 * What is tried out is kept as a version of its own: the draft may be saved again while it runs.
 * `target`: only this node and what leads to it.
 */
export async function draftTarget(
  deps: Deps,
  caller: Caller,
  workflow: string,
  target?: string,
): Promise<DraftTarget> {
  const { orgId } = caller;
  const row = await workflowOf(deps, caller, workflow);
  const whole = JSON.parse(row.draft) as WorkflowDefinition;
  const { part, last } = target === undefined ? { part: whole, last: undefined } : partOf(whole, target);
  const problems = deps.programs.problemsOf(part);
  if (problems.length > 0) throw invalid("The draft has problems; nothing was started.", problems);
  const found = { workflowId: row.id, workflowName: row.name, ...(last === undefined ? {} : { last }) };
  const isWhole = part.nodes.length === whole.nodes.length;
  if (isWhole && row.publishedVersionId !== null && row.publishedHash?.equals(row.draftHash))
    return { ...found, versionId: row.publishedVersionId };
  const { text, hash } = isWhole ? { text: row.draft, hash: row.draftHash } : readDefinition(part);
  const versionId = await withTenant(deps.api, orgId, async (tx) => {
    await checkUses(deps, tx, caller, part);
    await findWorkflow(tx, orgId, row.id, { lock: true });
    const known = await findTestVersion(tx, orgId, row.id, hash);
    if (known !== undefined) return known;
    const id = deps.newId();
    const version = { id, workflowId: row.id, orgId, kind: "test", version: null } as const;
    await insertVersion(tx, { ...version, definition: text, hash });
    return id;
  });
  return { ...found, versionId };
}

function partOf(definition: WorkflowDefinition, target: string) {
  const found = partLeadingTo(definition, target);
  if (found) return found;
  throw refuse(422, "NODE_UNKNOWN", `"${target}" is no node of the draft.`, "Name a node of the draft.");
}

async function workflowOf(deps: Deps, caller: Caller, workflow: string) {
  const row = await withTenant(deps.api, caller.orgId, async (tx) => {
    const id = await findWorkflowId(tx, caller.orgId, workflow);
    return id === undefined ? undefined : await findWorkflow(tx, caller.orgId, id);
  });
  if (!row) throw notFound("workflow with this id or name", "GET /api/v1/workflows lists those there are.");
  return row;
}

export async function refuseWrongTrigger(deps: Deps, versionId: string, trigger: string): Promise<void> {
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

export async function versionIdOf(
  deps: Deps,
  caller: Caller,
  workflowId: string,
  version: number,
): Promise<string> {
  const found = await withTenant(deps.api, caller.orgId, (tx) =>
    findVersion(tx, caller.orgId, workflowId, version),
  );
  if (!found) throw notFound("version with this number", "See /versions of the workflow.");
  return found.id;
}
