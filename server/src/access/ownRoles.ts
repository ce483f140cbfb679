// Roles of an organization's own, beside the built-in ones. Nobody makes a role, or gives one, with rights they lack.
import { type Action, actions, actionsOfRole, type roleBody, type z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Caller, may } from "../platform/caller.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { deleteRoleRow, listRoles, type RoleRow, upsertRole } from "./store.ts";

export type OwnRoles = ReadonlyMap<string, ReadonlySet<Action>>;

export async function ownRolesOf(tx: Transaction, orgId: string): Promise<OwnRoles> {
  return new Map((await listRoles(tx, orgId)).map(({ name, actions: own }) => [name, new Set(own)]));
}

/** What a role may do here. 422 for one that there is not. */
export async function roleActions(
  tx: Transaction,
  orgId: string,
  role: string,
): Promise<ReadonlySet<Action>> {
  const found = actionsOfRole(role) ?? (await ownRolesOf(tx, orgId)).get(role);
  if (found !== undefined) return found;
  throw refuse(422, "ROLE_UNKNOWN", `There is no role ${role}.`, "GET /api/v1/permissions lists them.");
}

export async function putRole(
  deps: Deps,
  caller: Caller,
  name: string,
  body: z.output<typeof roleBody>,
): Promise<RoleRow> {
  refuseBuiltIn(name);
  const role = { name, description: body.description ?? null, actions: [...new Set(body.actions)] };
  refuseMore(caller, new Set(role.actions));
  await withTenant(deps.api, caller.orgId, async (tx) => {
    const before = (await ownRolesOf(tx, caller.orgId)).get(name);
    if (before) refuseMore(caller, before);
    await upsertRole(tx, caller.orgId, role);
  });
  deps.identity.sessions.forget();
  deps.keys.forgetAll();
  return role;
}

export async function deleteRole(deps: Deps, caller: Caller, name: string): Promise<void> {
  refuseBuiltIn(name);
  const outcome = await withTenant(deps.api, caller.orgId, (tx) => deleteRoleRow(tx, caller.orgId, name));
  if (outcome === "missing") throw notFound("role of this name");
  if (outcome === "used")
    throw refuse(
      409,
      "ROLE_USED",
      "A member, an invitation or a key has this role.",
      "Give them another one first.",
    );
}

function refuseBuiltIn(name: string): void {
  if (actionsOfRole(name) !== undefined)
    throw refuse(409, "ROLE_BUILT_IN", `${name} is a built-in role.`, "Choose another name.");
}

/** 403 when somebody would give away a right that they lack. */
export function refuseMore(caller: Caller, given: ReadonlySet<Action> | "all"): void {
  const missing = [...(given === "all" ? actions : given)].filter((one) => !may(caller, one));
  if (missing.length === 0) return;
  throw refuse(
    403,
    "RIGHTS_EXCEEDED",
    `That would give rights you do not have: ${missing.slice(0, 5).join(", ")}.`,
    "Choose a smaller role, or ask somebody who has them.",
  );
}
