// Members of an organization. Whoever changes a member must have every right of the role before and of the role after, so
// an admin cannot touch an owner; and an organization is never left without an owner.

import { refuseMore, roleActions } from "../access/ownRoles.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { deleteSessions } from "./store.ts";
import { countOwners, deleteMember, lockMember, setMemberRole } from "./tenantStore.ts";

export async function changeMember(deps: Deps, caller: Caller, userId: string, role: string): Promise<void> {
  await withTenant(deps.api, caller.orgId, async (tx) => {
    const before = await heldRole(tx, caller, userId);
    refuseMore(caller, await roleActions(tx, caller.orgId, role));
    await setMemberRole(tx, caller.orgId, userId, role);
    if (before === "owner") await refuseOwnerless(tx, caller.orgId);
  });
  deps.identity.sessions.forget();
}

export async function removeMember(deps: Deps, caller: Caller, userId: string): Promise<void> {
  const keys = await withTenant(deps.api, caller.orgId, async (tx) => {
    await heldRole(tx, caller, userId);
    const revoked = await deleteMember(tx, caller.orgId, userId);
    await refuseOwnerless(tx, caller.orgId);
    return revoked;
  });
  forgetAbout(deps, keys);
}

/** Whoever leaves needs no right for it. */
export async function leaveOrganization(deps: Deps, caller: Caller): Promise<void> {
  const { orgId, userId } = caller;
  if (orgId === "" || userId === null)
    throw refuse(
      400,
      "ORGANIZATION_NEEDED",
      "No organization is named.",
      "Send the header X-Auraos-Organization.",
    );
  const keys = await withTenant(deps.api, orgId, async (tx) => {
    await lockMember(tx, orgId, userId);
    const revoked = await deleteMember(tx, orgId, userId);
    await refuseOwnerless(tx, orgId);
    return revoked;
  });
  forgetAbout(deps, keys);
}

export async function endMemberSessions(deps: Deps, caller: Caller, userId: string): Promise<void> {
  await withTenant(deps.api, caller.orgId, (tx) => heldRole(tx, caller, userId));
  await deleteSessions(deps.identity.pool, { userId });
  deps.identity.sessions.forget();
}

async function heldRole(tx: Transaction, caller: Caller, userId: string): Promise<string> {
  const role = await lockMember(tx, caller.orgId, userId);
  if (role === undefined) throw notFound("member with this id");
  refuseMore(caller, await roleActions(tx, caller.orgId, role).catch(() => new Set<never>()));
  return role;
}

async function refuseOwnerless(tx: Transaction, orgId: string): Promise<void> {
  if ((await countOwners(tx, orgId)) > 0) return;
  throw refuse(
    409,
    "LAST_OWNER",
    "The organization would be left without an owner.",
    "Make somebody else an owner first.",
  );
}

function forgetAbout(deps: Deps, keys: readonly Buffer[]): void {
  deps.identity.sessions.forget();
  for (const sum of keys) deps.keys.forget(sum);
}
