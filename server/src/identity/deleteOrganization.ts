// Ends an organization: first what works in it, then what opens it. Repeating it after a crash half-way finishes the rest.
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { deleteWorkflow } from "../workflows/deleteWorkflow.ts";
import { demandProof } from "./proof.ts";
import { endOrganization, findOrganizationName, listWorkflowIds } from "./tenantStore.ts";

export async function deleteOrganization(deps: Deps, caller: Caller, name: string): Promise<void> {
  demandProof(caller, deps.nowMs());
  const { orgId } = caller;
  // The key of the environment and the command line of the machine belong to it.
  if (orgId === deps.firstOrgId)
    throw refuse(
      409,
      "FIRST_ORGANIZATION",
      "The first organization of the server stays.",
      "Delete its workflows instead.",
    );
  const current = await withTenant(deps.api, orgId, (tx) => findOrganizationName(tx, orgId));
  if (current !== name)
    throw refuse(422, "NAME_DIFFERS", `The organization is not called ${name}.`, "Send its name as it is.");
  for (const id of await withTenant(deps.api, orgId, (tx) => listWorkflowIds(tx, orgId)))
    await deleteWorkflow(deps, caller, id, true);
  await withTenant(deps.api, orgId, (tx) => endOrganization(tx, orgId));
  deps.keys.forgetAll();
  deps.identity.sessions.forget();
}
