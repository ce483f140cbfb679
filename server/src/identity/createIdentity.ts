// Identity as the rest of the server knows it: who is asking, whether by key or by session. Everything that knows
// better-auth stays in this folder.
import { hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type AnyAction, isPersonal, organizationHeader } from "@auraos/contract";
import type { Keys } from "../access/keys.ts";
import type { OperatorReach } from "../outbound/operatorReach.ts";
import type { Caller } from "../platform/caller.ts";
import type { ClientAddress } from "../platform/clientAddress.ts";
import type { Pool } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Log } from "../platform/log.ts";
import { ownUrl } from "../platform/ownUrl.ts";
import type { Settings } from "../platform/settings.ts";
import { refuseForeignPage } from "./ask.ts";
import type { Auth } from "./auth.ts";
import { createMail, type Mail } from "./mail.ts";
import { createOidcProvider, type OidcProvider } from "./oidcProvider.ts";
import {
  callerOfPerson,
  chooseNamed,
  createSessions,
  lacksSecondFactor,
  organizationNeeded,
  type Sessions,
} from "./sessions.ts";
import { countAccounts } from "./store.ts";
import { createWatchers, type Watchers } from "./watchers.ts";

export type Identity = {
  pool: Pool;
  auth(): Promise<Auth>;
  sessions: Sessions;
  watchers: Watchers;
  mail: Mail;
  /** Of the settings; undefined = none. */
  provider: OidcProvider | undefined;
  /** The address at the other end, as limits and sessions know it. */
  clientOf: ClientAddress;
  /** Where browsers reach this server. */
  url(): string;
  /** Who sends this request. Throws a Refusal. */
  callerOf(request: IncomingMessage, action: AnyAction): Promise<Caller> | Caller;
  /** The same for a live connection, whose organization comes in its handshake. */
  callerOfHandshake(
    request: IncomingMessage,
    given: { key?: unknown; organization?: unknown },
  ): Promise<Caller>;
  /** Good once, for making the owner's account; undefined when there is an account. */
  setUpToken(): Promise<string | undefined>;
  isSetUpToken(token: string): boolean;
};

export function createIdentity(options: {
  pool: Pool;
  keys: Keys;
  settings: Settings;
  reach: Pick<OperatorReach, "http" | "addressOf">;
  clientOf: ClientAddress;
  /** Of this installation; what is derived from it signs cookies and locks second factors. */
  rootKey: Buffer;
  log: Log;
  nowMs: () => number;
}): Identity {
  const { pool, keys, settings, log, reach, clientOf, nowMs } = options;
  const url = () => ownUrl(settings);
  const mail = createMail({ settings, addressOf: reach.addressOf, log });
  const { oidc } = settings;
  const provider = oidc && createOidcProvider({ provider: oidc, http: reach.http, nowMs });
  let made: Promise<Auth> | undefined;
  // Made when it is first needed: the port is known only once the server listens, and the library takes a third of a second
  // and 60 MB, which a server that is reached by keys alone never pays.
  const auth = () => {
    made ??= makeAuth();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  const makeAuth = async () => {
    const { createAuth } = await import("./auth.ts");
    return createAuth({
      pool,
      secret: Buffer.from(hkdfSync("sha256", options.rootKey, "", "auraos identity", 32)).toString(
        "base64url",
      ),
      url: url(),
      signInsPerMinute: settings.signInsPerMinute,
      sessionDays: settings.sessionDays,
      providers: oidc && provider ? [{ ...oidc, speaks: told(provider, log) }] : [],
      sendReset: ({ email, token }) => {
        const link = `${url()}/reset-password#${token}`;
        // Not waited for: how long it takes would tell whether the account exists.
        void mail.send({ to: email, kind: "reset", link });
      },
      log,
    });
  };
  const watchers = createWatchers();
  keys.onForget(watchers.changed);
  const sessions = createSessions({
    ...{ auth, url, pool, nowMs, changed: watchers.changed },
    idleMs: settings.sessionIdleHours * 3_600_000,
  });
  const setUp = randomBytes(32).toString("base64url");
  return {
    pool,
    auth,
    sessions,
    watchers,
    mail,
    provider,
    clientOf,
    url,
    callerOf: (request, action) => {
      const { authorization } = request.headers;
      if (authorization !== undefined || !sessions.hasCookie(request)) {
        const caller = keys.callerOf(authorization, clientOf(request));
        const wanted = request.headers[organizationHeader.toLowerCase()];
        return typeof wanted !== "string" ? caller : checkKey(caller, wanted);
      }
      return callerOfSession(request, action, request.headers[organizationHeader.toLowerCase()]);
    },
    callerOfHandshake: async (request, { key, organization }) => {
      const client = clientOf(request);
      if (typeof key === "string" && key.length <= 512) return keys.callerOfKey(key, client);
      if (request.headers.authorization !== undefined || !sessions.hasCookie(request))
        return keys.callerOf(request.headers.authorization, client);
      return callerOfSession(request, "live.read", organization);
    },
    setUpToken: async () => ((await countAccounts(pool)) === 0 ? setUp : undefined),
    isSetUpToken: (token) => {
      const given = Buffer.from(token);
      const right = Buffer.from(setUp);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };

  async function callerOfSession(
    request: IncomingMessage,
    action: AnyAction,
    wanted: unknown,
  ): Promise<Caller> {
    const person = await sessions.personOf(request);
    if (person === undefined)
      throw refuse(401, "SESSION_ENDED", "You are not signed in any more.", "Sign in again.");
    // What changes something must come from a page of ours; a cookie travels with every request.
    if (request.method !== "GET" && request.method !== "HEAD") refuseForeignPage(request);
    const belonging = chooseNamed(person, typeof wanted === "string" ? wanted : undefined);
    if (isPersonal(action)) return callerOfPerson(person, belonging);
    if (belonging === undefined) throw organizationNeeded(person);
    if (lacksSecondFactor(person, belonging))
      throw refuse(
        403,
        "MFA_REQUIRED",
        "This organization wants a second factor.",
        "Set up an authenticator app or a passkey and sign in with it.",
      );
    return callerOfPerson(person, belonging);
  }
}

/** The library keeps to itself why a sign-in failed; whoever looks after the server wants to know. */
function told(provider: OidcProvider, log: Log): OidcProvider {
  const telling = (error: unknown): never => {
    log("warn", "a sign-in with the identity provider failed", { reason: (error as Error).message });
    throw error;
  };
  return {
    ...provider,
    redeem: (given) => provider.redeem(given).catch(telling),
    profileOf: (tokens) => provider.profileOf(tokens).catch(telling),
  };
}

/** A key belongs to one organization; a request that means another one is not answered from this one. */
async function checkKey(found: Promise<Caller> | Caller, wanted: string): Promise<Caller> {
  const caller = await found;
  if (caller.orgId === wanted || !/^[0-9a-f-]{36}$/.test(wanted)) return caller;
  throw refuse(
    403,
    "NOT_A_MEMBER",
    "This key belongs to another organization.",
    "Use a key of that organization.",
  );
}
