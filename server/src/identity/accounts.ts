// How accounts begin: the owner's with the token that the start printed, everybody else's with an invitation. Account,
// password and membership are one transaction, so nobody is left with half of it.
import { hash, randomBytes } from "node:crypto";
import type { acceptBody, setUpBody, z } from "@auraos/contract";
import { refuseMore, roleActions } from "../access/ownRoles.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { type Transaction, transaction, withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { refuseWeakPassword } from "./passwords.ts";
import type { Person } from "./sessions.ts";
import {
  countAccounts,
  findAccount,
  findFirstOrganization,
  findInvitation,
  insertAccount,
  lockAccounts,
  putMembership,
  takeInvitation,
} from "./store.ts";
import {
  findOrganizationName,
  type InvitationRow,
  insertInvitation,
  isMember,
  updateOrganization,
} from "./tenantStore.ts";

const INVITED_FOR_DAYS = 7;

export async function setUpOwner(deps: Deps, body: z.output<typeof setUpBody>): Promise<void> {
  const { identity } = deps;
  if (!identity.isSetUpToken(body.token)) {
    if ((await countAccounts(identity.pool)) > 0) throw alreadySetUp();
    throw refuse(
      403,
      "SET_UP_TOKEN_WRONG",
      "The set-up token is wrong.",
      "Open the address that this start of the server printed.",
    );
  }
  refuseWeakPassword(body.password, [body.name, body.email]);
  const passwordHash = await hashed(body.password);
  const orgId = await transaction(identity.pool, async (tx) => {
    await lockAccounts(tx);
    if ((await countAccounts(tx)) > 0) throw alreadySetUp();
    const first = await findFirstOrganization(tx);
    if (first === undefined) throw new Error("there is no organization");
    const id = deps.newId();
    await insertAccount(tx, { id, name: body.name, email: body.email, passwordHash });
    await putMembership(tx, { orgId: first, userId: id, role: "owner" });
    return first;
  });
  const { organization: name } = body;
  if (name !== undefined) await withTenant(deps.api, orgId, (tx) => updateOrganization(tx, orgId, { name }));
}

export async function inviteSomebody(
  deps: Deps,
  caller: Caller,
  body: { email: string; role: string },
): Promise<InvitationRow & { link: string | undefined }> {
  const { identity } = deps;
  const token = randomBytes(32).toString("base64url");
  const email = body.email.toLowerCase();
  const { row, organization } = await withTenant(deps.api, caller.orgId, async (tx) => {
    refuseMore(caller, await roleActions(tx, caller.orgId, body.role));
    if (await isMember(tx, caller.orgId, email))
      throw refuse(
        409,
        "MEMBER_ALREADY",
        "This address belongs to a member.",
        "Change the member's role instead.",
      );
    const row = await insertInvitation(tx, {
      id: deps.newId(),
      orgId: caller.orgId,
      email,
      role: body.role,
      sha256: hashOf(token),
      invitedBy: caller.userId,
      days: INVITED_FOR_DAYS,
    });
    return { row, organization: await findOrganizationName(tx, caller.orgId) };
  });
  // After #: it reaches no server's log on its way.
  const link = `${identity.url()}/invitation#${token}`;
  const isSent = await identity.mail.send({ to: email, kind: "invitation", link, organization });
  return { ...row, link: isSent ? undefined : link };
}

export async function showInvitation(deps: Deps, token: string) {
  const found = await findInvitation(deps.identity.pool, hashOf(token));
  if (found === undefined) throw invitationGone();
  const account = await findAccount(deps.identity.pool, found.email);
  return {
    organization: found.organization,
    email: found.email,
    role: found.role,
    hasAccount: account !== undefined,
  };
}

/** Gives the address of the account that was made; undefined when an account that is signed in took it. */
export async function acceptInvitation(
  deps: Deps,
  body: z.output<typeof acceptBody>,
  person: Person | undefined,
): Promise<string | undefined> {
  const { identity } = deps;
  const sum = hashOf(body.token);
  const invitation = await findInvitation(identity.pool, sum);
  if (invitation === undefined) throw invitationGone();
  const { email } = invitation;
  if ((await findAccount(identity.pool, email)) !== undefined) {
    if (person?.email.toLowerCase() !== email)
      throw refuse(409, "SIGN_IN_FIRST", `${email} has an account.`, "Sign in with it, then accept.");
    await transaction(identity.pool, (tx) => join(tx, sum, person.userId));
    identity.sessions.forget();
    return undefined;
  }
  const { name, password } = body;
  if (name === undefined || password === undefined)
    throw refuse(422, "ACCOUNT_INCOMPLETE", "A new account needs a name and a password.", "Send both.");
  refuseWeakPassword(password, [name, email]);
  const passwordHash = await hashed(password);
  await transaction(identity.pool, async (tx) => {
    await lockAccounts(tx);
    if ((await findAccount(tx, email)) !== undefined) throw invitationGone();
    const id = deps.newId();
    await insertAccount(tx, { id, name, email, passwordHash });
    await join(tx, sum, id);
  });
  return email;
}

/** Of several that accept at once, one does. */
async function join(tx: Transaction, sum: Buffer, userId: string): Promise<void> {
  const taken = await takeInvitation(tx, sum);
  if (taken === undefined) throw invitationGone();
  await putMembership(tx, { orgId: taken.orgId, userId, role: taken.role });
}

function hashOf(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

function alreadySetUp() {
  return refuse(
    409,
    "SET_UP_DONE",
    "The owner's account exists already.",
    "Sign in, or ask for an invitation.",
  );
}

function invitationGone() {
  return refuse(
    410,
    "INVITATION_GONE",
    "This invitation is used, was taken back or is too old.",
    "Ask for a new one.",
  );
}

/** Loaded when it is needed; see createIdentity.ts. */
async function hashed(password: string): Promise<string> {
  const { hashPassword } = await import("better-auth/crypto");
  return hashPassword(password);
}
