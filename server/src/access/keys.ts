// API keys: who is asking. A key is 256 random bits; the database holds its sha256 only, so a stolen copy opens
// nothing. Looked up once, then answered from memory for a while: a key that is revoked here ends at once, one that is
// revoked by another server of the installation within CACHE_MS.
import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Caller } from "../platform/caller.ts";
import { clientKey } from "../platform/clientAddress.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import { type RefusalOptions, refuse } from "../platform/errors.ts";
import { createRateLimiter, tooMany } from "../platform/rateLimiter.ts";
import { ownRolesOf } from "./ownRoles.ts";
import { rightsOf } from "./scopes.ts";
import { findKey, noteUse } from "./store.ts";

const CACHE_MS = 10_000;
const CACHE_ENTRIES_MAX = 10_000;
const PREFIX = "aos_";
/** Wrong keys from one address that are looked up: a typing error is forgiven, a search is not paid for. */
const GUESSES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

export type Keys = {
  /** Of an `Authorization` header. Throws a Refusal. */
  callerOf(authorization: string | undefined, client?: string): Promise<Caller> | Caller;
  /** Of a bare key. `client` is the address at the other end: whoever tries many wrong keys is asked to wait. */
  callerOfKey(key: string, client?: string): Promise<Caller> | Caller;
  /** The key with this hash is looked up again before it opens anything. */
  forget(sha256: Buffer): void;
  forgetAll(): void;
  /** Called when a key or a role was changed here. */
  onForget(listener: () => void): void;
  /** A key of this process, for the command line of the same machine; never stored. */
  localKey: string;
};

export function newKey(): string {
  return PREFIX + randomBytes(32).toString("base64url");
}

export function keyHash(key: string): Buffer {
  return hash("sha256", key, "buffer");
}

export function createKeys(options: {
  api: Pool;
  /** Whom the local key stands for. */
  owner: { orgId: string; envId: string };
  envOf: (orgId: string) => Promise<string>;
  nowMs: () => number;
}): Keys {
  const localKey = newKey();
  const localHash = keyHash(localKey);
  const local: Caller = {
    ...options.owner,
    actor: "local",
    userId: null,
    role: "owner",
    via: "local",
    credentialId: null,
    actions: "all",
  };
  const known = new Map<string, { caller: Caller | null; about: KeyEnded; untilMs: number }>();
  /** Being looked up: whoever comes meanwhile waits for that. */
  const looking = new Map<string, Promise<Caller>>();
  const guesses = createRateLimiter({
    ...{ perMinute: GUESSES_PER_MINUTE, what: "with keys that are none", nowMs: options.nowMs },
  });
  let forgotten = 0;
  const listeners: (() => void)[] = [];
  return {
    callerOf,
    callerOfKey,
    forget,
    forgetAll,
    onForget: (listener) => void listeners.push(listener),
    localKey,
  };

  function callerOf(authorization: string | undefined, client?: string): Promise<Caller> | Caller {
    if (authorization === undefined) throw keyNeeded("The request has no key.");
    const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
    if (key === undefined) throw keyNeeded("The Authorization header is not `Bearer KEY`.");
    return callerOfKey(key, client);
  }

  function callerOfKey(key: string, client?: string): Promise<Caller> | Caller {
    const text = hash("sha256", key, "hex");
    const found = known.get(text);
    if (found !== undefined && found.untilMs > options.nowMs()) return found.caller ?? refuseKey(found.about);
    const sum = Buffer.from(text, "hex");
    if (timingSafeEqual(sum, localHash)) return local;
    // A key that was good a moment ago is never turned away for what others try from the same address.
    if (client !== undefined && !found?.caller && guesses.isOver(clientKey(client)))
      throw tooMany("with keys that are none", MINUTE_MS / GUESSES_PER_MINUTE);
    let promise = looking.get(text);
    if (promise === undefined) {
      promise = lookUp(sum, text, client).finally(() => looking.delete(text));
      looking.set(text, promise);
    }
    return promise;
  }

  function forget(sum: Buffer): void {
    forgotten += 1;
    known.delete(sum.toString("hex"));
    for (const tell of listeners) tell();
  }

  function forgetAll(): void {
    forgotten += 1;
    known.clear();
    for (const tell of listeners) tell();
  }

  async function lookUp(sum: Buffer, text: string, client: string | undefined): Promise<Caller> {
    const before = forgotten;
    const row = await findKey(options.api, sum);
    const now = options.nowMs();
    const isGood = row && row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > now);
    const caller: Caller | null = isGood
      ? {
          orgId: row.orgId,
          envId: await options.envOf(row.orgId),
          actor: `key:${row.name}`,
          ...(await withTenant(options.api, row.orgId, async (tx) => ({
            userId: await noteUse(tx, row.orgId, row.id),
            ...rightsOf(row.scopes, await ownRolesOf(tx, row.orgId)),
          }))),
          via: "key",
          credentialId: row.id,
        }
      : null;
    if (caller === null && client !== undefined) guesses.take(clientKey(client));
    const about: KeyEnded = row && { orgId: row.orgId, actor: `key:${row.name}`, object: row.id };
    // What was read before a revocation may be what it revoked: answered, not remembered.
    if (before !== forgotten) return caller ?? refuseKey(about);
    // A flood of wrong keys must not push out the good ones for long.
    if (known.size >= CACHE_ENTRIES_MAX) known.clear();
    const expiresMs = row?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    known.set(text, {
      caller,
      about,
      untilMs: Math.min(now + CACHE_MS, caller ? expiresMs : now + CACHE_MS),
    });
    return caller ?? refuseKey(about);
  }
}

/** Whose key it was, if it was one: they are told that somebody still uses it. */
type KeyEnded = RefusalOptions["about"];

function refuseKey(about: KeyEnded): never {
  throw keyNeeded("This key is not known, has expired or was revoked.", about);
}

function keyNeeded(message: string, about?: KeyEnded) {
  return refuse(
    401,
    "KEY_NEEDED",
    message,
    "Send `Authorization: Bearer KEY`; the first start printed the key.",
    {
      headers: { "www-authenticate": 'Bearer realm="AuraOS"' },
      ...(about === undefined ? {} : { about }),
    },
  );
}
