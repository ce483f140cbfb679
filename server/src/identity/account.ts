// What a person does about their own account and its organizations.
import { actions, type Me } from "@auraos/contract";
import { isZone } from "@auraos/nodes/date/zone.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { demandProof } from "./proof.ts";
import { callerOfPerson, chooseNamed, lacksSecondFactor, type Person } from "./sessions.ts";
import {
  type Belonging,
  deleteAccount,
  deleteSessions,
  insertOrganization,
  ownedAlone,
  putMembership,
} from "./store.ts";
import { findOrganization, type OrganizationChange, updateOrganization } from "./tenantStore.ts";

export async function describeMe(deps: Deps, caller: Caller, person: Person | undefined): Promise<Me> {
  const { oidc } = deps.settings;
  const providers = oidc === undefined ? [] : [{ id: oidc.id, name: oidc.name }];
  if (caller.via !== "session" || person === undefined) {
    const { orgId: id, role } = caller;
    const { name, timezone } = await withTenant(deps.api, id, (tx) => findOrganization(tx, id));
    const organization = { id, name, role, mfaRequired: false, timezone };
    return {
      via: caller.via === "local" ? "local" : "key",
      organization,
      organizations: [organization],
      actions: caller.actions === "all" ? [...actions] : [...caller.actions],
      mfaNeeded: false,
      providers,
    };
  }
  const current = chooseNamed(person, caller.orgId === "" ? undefined : caller.orgId);
  return {
    via: "session",
    user: {
      id: person.userId,
      name: person.name,
      email: person.email,
      twoFactor: person.twoFactor,
      passkeys: person.passkeys,
    },
    ...(current === undefined ? {} : { organization: organizationView(current) }),
    organizations: person.belongings.map(organizationView),
    actions: [...(callerOfPerson(person, current).actions as ReadonlySet<Me["actions"][number]>)],
    mfaNeeded: current !== undefined && lacksSecondFactor(person, current),
    provenAt: new Date(person.provenAtMs).toISOString(),
    providers,
  };
}

export function organizationView({
  orgId,
  name,
  slug,
  role,
  mfaRequired,
  timezone,
}: Omit<Belonging, "envId" | "actions">) {
  return { id: orgId, name, ...(slug === null ? {} : { slug }), role, mfaRequired, timezone };
}

export async function deleteMe(deps: Deps, caller: Caller): Promise<void> {
  demandProof(caller, deps.nowMs());
  const userId = caller.userId ?? "";
  await transaction(deps.identity.pool, async (tx) => {
    const alone = await ownedAlone(tx, userId);
    if (alone.length > 0)
      throw refuse(
        409,
        "LAST_OWNER",
        `${alone.join(", ")} would be left without an owner.`,
        "Make somebody else an owner first.",
      );
    await deleteAccount(tx, userId);
  });
  deps.identity.sessions.forget();
}

export async function endSession(deps: Deps, caller: Caller, id: string): Promise<void> {
  const ended = await deleteSessions(deps.identity.pool, { userId: caller.userId ?? "", id });
  if (ended === 0) throw notFound("session of yours with this id");
  deps.identity.sessions.forget();
}

export async function endOtherSessions(deps: Deps, caller: Caller, withThis: boolean): Promise<void> {
  await deleteSessions(deps.identity.pool, {
    userId: caller.userId ?? "",
    except: withThis ? null : caller.credentialId,
  });
  deps.identity.sessions.forget();
}

export async function createOrganization(deps: Deps, caller: Caller, name: string) {
  const id = deps.newId();
  const slug = `${slugOf(name)}-${id.slice(-6)}`;
  await transaction(deps.identity.pool, async (tx) => {
    await insertOrganization(tx, { id, name, slug, envId: deps.newId() });
    await putMembership(tx, { orgId: id, userId: caller.userId ?? "", role: "owner" });
  });
  deps.identity.sessions.forget();
  return organizationView({ orgId: id, name, slug, role: "owner", mfaRequired: false, timezone: "UTC" });
}

export async function changeOrganization(
  deps: Deps,
  caller: Caller,
  change: OrganizationChange,
  person: Person | undefined,
): Promise<void> {
  if (change.mfaRequired === true && person?.method === "password")
    throw refuse(
      409,
      "MFA_MISSING",
      "You would lock yourself out: you signed in without a second factor.",
      "Set one up and sign in with it first.",
    );
  if (change.timezone !== undefined && !isZone(change.timezone))
    throw refuse(
      422,
      "TIMEZONE_UNKNOWN",
      `There is no time zone "${change.timezone}".`,
      "Use a name of the IANA list, such as Asia/Riyadh, Europe/Vienna or UTC.",
    );
  await withTenant(deps.api, caller.orgId, (tx) => updateOrganization(tx, caller.orgId, change));
  deps.identity.sessions.forget();
  // Its days begin at other moments now, and with them the daily budgets.
  if (change.timezone !== undefined) await deps.guard.reload();
}

function slugOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 60) || "organization";
}
