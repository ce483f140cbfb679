// Where workflows are kept: moves one, tags it, gives it an owner; and says which folders, tags and owners there are.
// Nothing of it is in the definition, so nothing is published and no editor is disturbed.
import type { FilingOverview } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import {
  countFolders,
  countOwners,
  countTags,
  type FilingChange,
  isMember,
  updateFiling,
} from "./filingStore.ts";
import { foldersWithTotals } from "./foldersWithTotals.ts";
import { findWorkflow } from "./store.ts";
import { filingOf } from "./view.ts";

const LISTED_MAX = 1000;

export async function fileWorkflow(deps: Deps, caller: Caller, id: string, change: FilingChange) {
  const { orgId } = caller;
  return withTenant(deps.api, orgId, async (tx) => {
    if (!(await findWorkflow(tx, orgId, id, { lock: true }))) throw notFound("workflow with this id");
    const { owner } = change;
    if (typeof owner === "string" && !(await isMember(tx, orgId, owner)))
      throw refuse(
        422,
        "OWNER_UNKNOWN",
        "`owner` is no member of the organization.",
        "See /api/v1/members for the ids, or send null for nobody.",
      );
    await updateFiling(tx, orgId, id, change);
    const row = await findWorkflow(tx, orgId, id);
    if (!row) throw notFound("workflow with this id");
    return { id, ...filingOf(row) };
  });
}

export async function filingOverview(deps: Deps, caller: Caller): Promise<FilingOverview> {
  const { orgId } = caller;
  return withTenant(deps.api, orgId, async (tx) => {
    const folders = await countFolders(tx, orgId, LISTED_MAX + 1);
    const tags = await countTags(tx, orgId, LISTED_MAX + 1);
    const owners = await countOwners(tx, orgId, LISTED_MAX + 1);
    const named = owners.slice(0, LISTED_MAX).map((owner) => ({ ...owner, name: owner.name ?? "" }));
    return {
      folders: foldersWithTotals(folders.slice(0, LISTED_MAX)),
      tags: tags.slice(0, LISTED_MAX),
      owners: named.toSorted((one, other) => one.name.localeCompare(other.name)),
      isAll: [folders, tags, owners].every(({ length }) => length <= LISTED_MAX),
    };
  });
}
