// Who a session cookie stands for, and in which organization. Asked of better-auth once, then answered from memory for a
// while: what ends a session or changes a role here is seen at once, what another server did within CACHE_MS. A session has
// two ends by itself: so long after the sign-in, and so long after it was last used.
//
// The organization of a request is the one that its header names, or the only one there is. Nobody falls back on some
// organization: who belongs to several and names none is asked which.
import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { actionsOfRole, organizationHeader } from "@auraos/contract";
import type { Caller } from "../platform/caller.ts";
import type { Pool } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Auth } from "./auth.ts";
import { sessionCookie } from "./names.ts";
import { type Belonging, countPasskeys, findBelongings, noteSeen } from "./store.ts";

const CACHE_MS = 10_000;
const CACHE_ENTRIES_MAX = 10_000;

export type Person = {
  userId: string;
  name: string;
  email: string;
  twoFactor: boolean;
  passkeys: number;
  sessionId: string;
  method: string;
  provenAtMs: number;
  expiresAtMs: number;
  belongings: readonly Belonging[];
};

export type Sessions = {
  /** Undefined = nobody is signed in with this request. */
  personOf(request: IncomingMessage): Promise<Person | undefined>;
  hasCookie(request: IncomingMessage): boolean;
  /** Whatever is remembered is asked for again. */
  forget(): void;
};

export function createSessions(options: {
  auth: () => Promise<Auth>;
  url: () => string;
  pool: Pool;
  nowMs: () => number;
  /** A session that nobody used for so long has ended. */
  idleMs: number;
  changed: () => void;
}): Sessions {
  const known = new Map<string, { person: Person; untilMs: number }>();
  const looking = new Map<string, Promise<Person | undefined>>();
  let forgotten = 0;
  return {
    personOf: async (request) => {
      const cookie = cookieOf(request);
      if (cookie === undefined) return undefined;
      const key = hash("sha256", cookie, "base64url");
      const found = known.get(key);
      const now = options.nowMs();
      if (found !== undefined && found.untilMs > now) return found.person;
      let promise = looking.get(key);
      if (promise === undefined) {
        promise = lookUp(cookie, key).finally(() => looking.delete(key));
        looking.set(key, promise);
      }
      return promise;
    },
    hasCookie: (request) => cookieOf(request) !== undefined,
    forget: () => {
      forgotten += 1;
      known.clear();
      looking.clear();
      options.changed();
    },
  };

  function cookieOf(request: IncomingMessage): string | undefined {
    const { cookie } = request.headers;
    if (cookie === undefined) return undefined;
    const name = `${sessionCookie(options.url())}=`;
    return cookie
      .split("; ")
      .find((part) => part.startsWith(name))
      ?.slice(name.length);
  }

  async function lookUp(cookie: string, key: string): Promise<Person | undefined> {
    const before = forgotten;
    const headers = new Headers({ cookie: `${sessionCookie(options.url())}=${cookie}` });
    // A cookie that was tampered with makes it throw.
    const auth = await options.auth();
    const found = await auth.api
      .getSession({ headers, query: { disableRefresh: true, disableCookieCache: true } })
      .catch(() => null);
    if (!found) return undefined;
    const { user, session } = found as unknown as Found;
    const now = options.nowMs();
    const expiresAtMs = new Date(session.expiresAt).getTime();
    if (expiresAtMs <= now) return undefined;
    if (!(await noteSeen(options.pool, { id: session.id, nowMs: now, idleMs: options.idleMs })))
      return undefined;
    const person: Person = {
      userId: user.id,
      name: user.name,
      email: user.email,
      twoFactor: user.twoFactorEnabled === true,
      passkeys: await countPasskeys(options.pool, user.id),
      sessionId: session.id,
      method: session.method ?? "password",
      provenAtMs: new Date(session.provenAt ?? session.createdAt).getTime(),
      expiresAtMs,
      belongings: await findBelongings(options.pool, user.id),
    };
    if (before === forgotten) {
      if (known.size >= CACHE_ENTRIES_MAX) known.clear();
      known.set(key, { person, untilMs: Math.min(now + CACHE_MS, expiresAtMs) });
    }
    return person;
  }
}

type Found = {
  user: { id: string; name: string; email: string; twoFactorEnabled?: boolean | null };
  session: { id: string; method?: string | null; provenAt?: Date | null; createdAt: Date; expiresAt: Date };
};

/** The caller of a request that is about the person alone: the organization may be missing. */
export function callerOfPerson(person: Person, belonging: Belonging | undefined): Caller {
  const actions = belonging === undefined ? undefined : (actionsOfRole(belonging.role) ?? belonging.actions);
  return {
    orgId: belonging?.orgId ?? "",
    envId: belonging?.envId ?? "",
    actor: `user:${person.email}`,
    userId: person.userId,
    role: belonging?.role ?? "nobody",
    via: "session",
    credentialId: person.sessionId,
    actions: new Set(actions ?? []),
    provenAtMs: person.provenAtMs,
  };
}

/** What is named, or the only one; undefined = none, or several and none named. 403 for one of other people. */
export function chooseNamed(person: Person, wanted: string | undefined): Belonging | undefined {
  if (wanted === undefined || wanted === "")
    return person.belongings.length === 1 ? person.belongings[0] : undefined;
  const found = person.belongings.find(({ orgId, slug }) => orgId === wanted || slug === wanted);
  if (found === undefined)
    throw refuse(
      403,
      "NOT_A_MEMBER",
      "You are no member of an organization of this name.",
      "GET /api/v1/account lists yours.",
    );
  return found;
}

export function organizationNeeded(person: Person) {
  return person.belongings.length === 0
    ? refuse(403, "NO_ORGANIZATION", "You belong to no organization.", "Make one, or ask to be invited.")
    : refuse(
        400,
        "ORGANIZATION_NEEDED",
        "You belong to several organizations and named none.",
        `Send the header ${organizationHeader}.`,
      );
}

export function lacksSecondFactor(person: Person, belonging: Belonging): boolean {
  // Whoever came from an identity provider proved there what that provider asks for.
  return belonging.mfaRequired && person.method === "password";
}
