// Imports a definition: as a new workflow, or over the one of the same name. Importing twice what was exported once
// leaves everything as it was.
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { invalid } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { createWorkflow } from "./createWorkflow.ts";
import { isEmpty, readDefinition } from "./definitionText.ts";
import { publishWorkflow } from "./publishWorkflow.ts";
import { findWorkflow, findWorkflowId } from "./store.ts";
import { storeDraft } from "./storeDraft.ts";

export type ImportWorkflow = { body: unknown; replace: boolean; publish: boolean };

export async function importWorkflow(
  deps: Deps,
  caller: Caller,
  request: ImportWorkflow,
): Promise<{ id: string; isNew: boolean }> {
  const document = readDefinition(request.body);
  const id = request.replace
    ? await withTenant(deps.api, caller.orgId, (tx) => findWorkflowId(tx, caller.orgId, document.name))
    : undefined;
  if (id === undefined) return { id: await createWorkflow(deps, caller, request), isNew: true };

  const empty = isEmpty(document.value);
  const problems = empty ? [] : deps.programs.problemsOf(document.value);
  if (problems.length > 0) throw invalid("The definition has problems; nothing was imported.", problems);
  const current = await withTenant(deps.api, caller.orgId, (tx) => findWorkflow(tx, caller.orgId, id));
  if (!current?.draftHash.equals(document.hash))
    await storeDraft(deps, caller, { id, body: document.value, ifMatch: undefined });
  if (request.publish && !empty) await publishWorkflow(deps, caller, id);
  return { id, isNew: false };
}
