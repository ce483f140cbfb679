// Stores a draft, with its problems if it has any. `If-Match` guards against overwriting what was not seen.
import type { Problem } from "@auraos/kernel";
import { refuseInlineSecrets } from "../connections/inlineSecrets.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { isEmpty, readDefinition } from "./definitionText.ts";
import { findWorkflow, updateDraft } from "./store.ts";

export type StoreDraft = { id: string; body: unknown; ifMatch: string | undefined };

export async function storeDraft(
  deps: Deps,
  caller: Caller,
  request: StoreDraft,
): Promise<{ id: string; etag: string; problems: Problem[] }> {
  const document = readDefinition(request.body);
  refuseInlineSecrets(deps, document.value);
  const problems = isEmpty(document.value) ? [] : deps.programs.problemsOf(document.value);
  const revision = await withTenant(deps.api, caller.orgId, async (tx) => {
    const row = await findWorkflow(tx, caller.orgId, request.id, { lock: true });
    if (!row) throw notFound("workflow with this id");
    // Storing what is there already changes nothing, whoever was faster: two tabs that open it are not two editors.
    if (row.draftHash.equals(document.hash)) return row.revision;
    refuseStale(request.ifMatch, row.revision);
    return updateDraft(tx, {
      workflowId: request.id,
      orgId: caller.orgId,
      name: document.name,
      description: document.description,
      definition: document.text,
      hash: document.hash,
      by: caller.actor,
    });
  });
  deps.published.forget();
  return { id: request.id, etag: etagOf(revision), problems };
}

export function etagOf(revision: number): string {
  return `"${revision}"`;
}

function refuseStale(ifMatch: string | undefined, revision: number): void {
  if (ifMatch === undefined || ifMatch === "*") return;
  const tags = ifMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (tags.includes(etagOf(revision)) || tags.includes(String(revision))) return;
  throw refuse(
    409,
    "DRAFT_CHANGED",
    `The draft was changed in the meantime: it is at ${etagOf(revision)}.`,
    "Read it again, merge, and store with the new etag.",
    { headers: { etag: etagOf(revision) } },
  );
}
