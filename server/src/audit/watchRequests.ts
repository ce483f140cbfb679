// Every request passes here, and the contract decides what of it goes into the audit log (kindOf.ts): a change is announced in the
// journal before it is done, compared afterwards, and durable in the log before it is answered; a denial is noted whatever
// was asked for. A route cannot be registered around this.
import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Endpoint } from "@auraos/contract";
import { isObject } from "@auraos/kernel";
import type { Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { organizationsOf, whoIs } from "../identity/whoIs.ts";
import { nobody } from "../platform/caller.ts";
import { Refusal } from "../platform/errors.ts";
import type { Answer, Call, Mounting, Route, Seen } from "../platform/http.ts";
import { changesOf } from "./changesOf.ts";
import type { AuditFact } from "./createAudit.ts";
import { isCompared, kindOf } from "./kindOf.ts";
import { type ObjectReader, objectReaders } from "./objectReader.ts";

type Plan = { kind: AuditFact["kind"] | undefined; reader: ObjectReader | undefined; isPersonal: boolean };
type Begun = { before: unknown; orgIds: readonly string[] };
type Hooks = Required<Pick<Mounting, "onBegin" | "onDone" | "onFailed">>;

const PEOPLE = /^\/api\/v1\/(auth|account|members|invitations)\b/;
const OBJECT_MAX = 255;

export function watchRequests(deps: Deps, routes: readonly Route[]): Hooks {
  const { audit, identity } = deps;
  const secret = randomBytes(32);
  const markOf = (email: string) =>
    createHmac("sha256", secret).update(email.toLowerCase()).digest("hex").slice(0, 16);
  const readerFor = objectReaders(routes);
  const plans = new Map(
    routes.map(({ endpoint }): [Endpoint, Plan] => [
      endpoint,
      {
        kind: kindOf(endpoint),
        reader: isCompared(endpoint) ? readerFor(endpoint) : undefined,
        isPersonal: endpoint.action === "account.write",
      },
    ]),
  );
  return {
    onBegin({ endpoint }, call, seen) {
      const plan = plans.get(endpoint);
      // By far the most requests: executions, events, and whatever reads.
      if (plan?.kind === undefined) return undefined;
      return begin(endpoint, plan, call, seen);
    },
    onDone({ endpoint }, call, seen, answer) {
      const plan = plans.get(endpoint);
      deps.securityWatch.request(endpoint, call.caller, call.response.req as Request);
      if (plan?.kind === undefined) return undefined;
      return done(endpoint, plan, call, seen, answer);
    },
    onFailed: ({ endpoint }, request, seen, error) =>
      failed(endpoint, plans.get(endpoint), request, seen, error),
  };

  async function begin(endpoint: Endpoint, plan: Plan, call: Call<Endpoint>, seen: Seen): Promise<void> {
    const orgIds = await concerned(plan, seen, call.response.req as Request);
    const before = plan.reader === undefined ? undefined : await plan.reader.read(call);
    seen.begun = { before, orgIds } satisfies Begun;
    if (plan.kind === "export") return;
    audit.begin({
      ...baseOf(endpoint, call.response.req as Request, seen),
      kind: plan.kind ?? "change",
      orgIds,
    });
  }

  async function done(
    endpoint: Endpoint,
    plan: Plan,
    call: Call<Endpoint>,
    seen: Seen,
    answer: Answer,
  ): Promise<void> {
    const request = call.response.req as Request;
    const reply = "json" in answer && isObject(answer.json) ? answer.json : {};
    const base = baseOf(endpoint, request, seen);
    const { before, orgIds } = seen.begun as Begun;
    const after = await afterOf(endpoint, plan, call, answer);
    const isKnown = before !== null && after !== null && isCompared(endpoint) && plan.kind === "change";
    const about = { isPerson: PEOPLE.test(endpoint.path) };
    if (plan.kind === "signIn") return signInDone(base, call, reply.twoFactorNeeded === true);
    await audit.note({
      ...base,
      kind: plan.kind ?? "change",
      orgIds,
      object: base.object ?? textOf(reply.id),
      name: about.isPerson ? null : (textOf(reply.name ?? reply.title) ?? base.name ?? nameIn(before)),
      changes: isKnown ? changesOf(before, after, about) : null,
    });
  }

  async function signInDone(base: AuditFact, call: Call<Endpoint>, isHalf: boolean): Promise<void> {
    // Half of a sign-in is none: a second factor follows.
    if (isHalf) {
      const person = await tried(call.body);
      return audit.note({ ...base, ...person, kind: "signIn", code: "SECOND_FACTOR_ASKED" });
    }
    const found = await signedIn(call.response);
    if (found !== undefined)
      return audit.note({ ...base, ...personOf(found), kind: "signIn", via: "session" });
    // A provider that refused somebody sends them back with no session.
    const refused = { kind: "signInFailed", outcome: "denied", code: "NO_SESSION" } as const;
    return audit.note({ ...base, ...refused });
  }

  async function afterOf(
    endpoint: Endpoint,
    plan: Plan,
    call: Call<Endpoint>,
    answer: Answer,
  ): Promise<unknown> {
    if (plan.kind !== "change" || !isCompared(endpoint)) return null;
    if (plan.reader === undefined) {
      // Made by this very request.
      const json = "json" in answer ? answer.json : undefined;
      return isObject(json) ? (JSON.parse(JSON.stringify(json)) as unknown) : null;
    }
    const isShown = endpoint.reply !== undefined && endpoint.reply === plan.reader.route.endpoint.reply;
    if (isShown && "json" in answer) return JSON.parse(JSON.stringify(answer.json)) as unknown;
    return plan.reader.read(afterwards(call));
  }

  async function failed(
    endpoint: Endpoint,
    plan: Plan | undefined,
    request: Request,
    seen: Seen,
    error: unknown,
  ): Promise<void> {
    const isRefusal = error instanceof Refusal && error.status < 500;
    if (!isRefusal) {
      // Nobody knows how far it came: the log says that it was tried.
      if (seen.begun !== undefined && plan?.kind !== "export")
        await audit.note({
          ...baseOf(endpoint, request, seen),
          ...{ kind: plan?.kind ?? "change", outcome: "unknown", code: "INTERNAL" },
          orgIds: (seen.begun as Begun).orgIds,
        });
      return;
    }
    const isSignIn = plan?.kind === "signIn";
    const isDenial = error.status === 401 || error.status === 403 || (isSignIn && error.status === 429);
    if (isDenial) await denied(endpoint, isSignIn, request, seen, error);
    else if (seen.begun !== undefined) audit.forget(seen.requestId);
  }

  async function denied(
    endpoint: Endpoint,
    isSignIn: boolean,
    request: Request,
    seen: Seen,
    error: Refusal,
  ): Promise<void> {
    const base = baseOf(endpoint, request, seen);
    const fact: AuditFact = { ...base, kind: "denial", outcome: "denied", code: error.code };
    if (isSignIn) {
      const person = await tried(seen.body);
      await audit.note({ ...fact, ...person, kind: "signInFailed" });
      return;
    }
    const { caller } = seen;
    if (caller !== undefined && caller.orgId !== "") return audit.note({ ...fact, orgIds: [caller.orgId] });
    if (caller?.userId) {
      const orgIds = await organizationsOf(identity.pool, caller.userId);
      if (orgIds.length > 0) return audit.note({ ...fact, orgIds });
    }
    if (seen.begun !== undefined) audit.forget(seen.requestId);
    // Whoever has no key may knock as often as they like: their knocking is counted, not copied.
    const { about } = error;
    const orgIds = [about?.orgId ?? deps.firstOrgId];
    const whose = about === undefined ? {} : { actor: about.actor, object: about.object };
    audit.noteRepeated(`${fact.address} ${error.code} ${about?.object ?? ""}`, { ...fact, ...whose, orgIds });
  }

  function baseOf(endpoint: Endpoint, request: Request, seen: Seen): AuditFact {
    const caller = seen.caller ?? nobody;
    const params = request.params as Record<string, string | undefined>;
    const { body } = seen;
    return {
      orgIds: [caller.orgId === "" ? deps.firstOrgId : caller.orgId],
      kind: "change",
      actor: caller.actor,
      userId: caller.userId,
      via: caller.via,
      role: caller.role,
      address: identity.clientOf(request) || null,
      action: endpoint.action,
      what: `${endpoint.method.toUpperCase()} ${endpoint.path}`,
      object: textOf(params.id),
      // What is deleted is named by its address alone.
      name: textOf(params.name),
      fields:
        endpoint.body?.kind !== "bytes" && isObject(body)
          ? Object.keys(body)
              .slice(0, 50)
              .map((name) => name.slice(0, 100))
          : [],
      changes: null,
      outcome: "done",
      code: null,
      requestId: seen.requestId,
    };
  }

  /** Whose log it belongs in. What somebody changes about themselves concerns every organization that trusts them. */
  async function concerned(plan: Plan, seen: Seen, request: Request): Promise<readonly string[]> {
    const { caller } = seen;
    if (plan.isPersonal && caller?.userId) {
      const orgIds = await organizationsOf(identity.pool, caller.userId);
      if (orgIds.length > 0) return orgIds;
    }
    if (plan.kind === "signOut") {
      const person = await identity.sessions.personOf(request).catch(() => undefined);
      if (person)
        seen.caller ??= {
          ...{ ...nobody, actor: `user:${person.email}`, userId: person.userId, role: "member" },
          ...{ via: "session", credentialId: person.sessionId },
        };
      if (person && person.belongings.length > 0) return person.belongings.map(({ orgId }) => orgId);
    }
    return [caller?.orgId || deps.firstOrgId];
  }

  /** The person whose session the answer begins; nobody knows them before that. */
  async function signedIn(response: Response) {
    const request = { headers: { cookie: cookiesOf(response).join("; ") } } as IncomingMessage;
    const person = await identity.sessions.personOf(request).catch(() => undefined);
    if (person === undefined) return undefined;
    return { ...person, orgIds: person.belongings.map(({ orgId }) => orgId) };
  }

  /** The person whose address was tried; of an address that nobody has, nothing is kept. */
  async function tried(body: unknown) {
    const email = isObject(body) && typeof body.email === "string" ? body.email : undefined;
    const known = email === undefined ? undefined : await whoIs(identity.pool, email).catch(() => undefined);
    if (known !== undefined) return personOf(known);
    // Told apart from others by a mark that nobody can look an address up with, in this process or another.
    return email === undefined ? undefined : { object: `nobody:${markOf(email)}` };
  }

  function personOf({ userId, email, orgIds }: { userId: string; email: string; orgIds: string[] }) {
    return {
      actor: `user:${email}`,
      userId,
      object: userId,
      orgIds: orgIds.length > 0 ? orgIds : [deps.firstOrgId],
    };
  }
}

function cookiesOf(response: Response): string[] {
  const given = response.getHeader("set-cookie");
  const lines = Array.isArray(given) ? given : typeof given === "string" ? [given] : [];
  return lines.map((line) => line.split(";")[0] ?? "");
}

/** Some changes give the session a new token: what is read after them is asked with that. */
function afterwards(call: Call<Endpoint>): Call<Endpoint> {
  const { response } = call;
  const cookies = cookiesOf(response);
  if (cookies.length === 0) return call;
  const headers = { ...response.req.headers, cookie: cookies.join("; ") };
  const request = Object.create(response.req, { headers: { value: headers } }) as Request;
  return { ...call, response: Object.create(response, { req: { value: request } }) as Response };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value.slice(0, OBJECT_MAX) : null;
}

function nameIn(view: unknown): string | null {
  return isObject(view) ? textOf(view.name ?? view.title) : null;
}
