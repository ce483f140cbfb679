// Rows as the API shows them.
import type { Workflow, WorkflowSummary } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { hooksOf } from "../webhooks/registerHooks.ts";
import { isEmpty } from "./definitionText.ts";
import type { WorkflowListRow } from "./filingStore.ts";
import { findWorkflow } from "./store.ts";
import { etagOf } from "./storeDraft.ts";

export function summaryOf(row: WorkflowListRow): WorkflowSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.publishedVersionId === null ? "draft" : "published",
    version: row.version,
    draftChanged: row.publishedHash === null || !row.publishedHash.equals(row.draftHash),
    ...filingOf(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function filingOf(
  row: Pick<WorkflowListRow, "folder" | "tags" | "ownerId" | "ownerName">,
): Pick<WorkflowSummary, "folder" | "tags" | "owner"> {
  const { folder, tags, ownerId, ownerName } = row;
  return { folder, tags, owner: ownerId === null ? null : { id: ownerId, name: ownerName ?? "" } };
}

export async function workflowView(deps: Deps, caller: Caller, id: string): Promise<Workflow> {
  const row = await withTenant(deps.api, caller.orgId, (tx) => findWorkflow(tx, caller.orgId, id));
  if (!row) throw notFound("workflow with this id");
  const definition = JSON.parse(row.draft) as Workflow["definition"];
  const published =
    row.publishedVersionId === null ? undefined : await deps.programs.definitionOf(row.publishedVersionId);
  return {
    ...summaryOf(row),
    definition,
    etag: etagOf(row.revision),
    draftBy: row.draftBy,
    problems: isEmpty(definition) ? [] : deps.programs.problemsOf(definition),
    webhooks: published ? hooksOf(published.definition) : [],
  };
}
