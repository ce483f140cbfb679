// API keys: who is asking. A key is 256 random bits; the database holds its sha256 only, so a stolen copy opens
// nothing. Looked up once, then answered from memory for a while: a revoked key ends within CACHE_MS.
import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Action, action } from "@auraos/contract";
import type { Pool } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { findKey } from "./store.ts";

const CACHE_MS = 10_000;
const CACHE_ENTRIES_MAX = 10_000;
const PREFIX = "aos_";

export type Keys = {
  /** Of an `Authorization` header. Throws a Refusal. */
  callerOf(authorization: string | undefined): Promise<Caller> | Caller;
  /** Of a bare key. */
  callerOfKey(key: string): Promise<Caller> | Caller;
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
  const local: Caller = { ...options.owner, actor: "local", actions: "all" };
  const known = new Map<string, { caller: Caller | null; untilMs: number }>();
  /** Being looked up: whoever comes meanwhile waits for that. */
  const looking = new Map<string, Promise<Caller>>();
  return { callerOf, callerOfKey, localKey };

  function callerOf(authorization: string | undefined): Promise<Caller> | Caller {
    if (authorization === undefined) throw keyNeeded("The request has no key.");
    const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
    if (key === undefined) throw keyNeeded("The Authorization header is not `Bearer KEY`.");
    return callerOfKey(key);
  }

  function callerOfKey(key: string): Promise<Caller> | Caller {
    const sum = keyHash(key);
    const text = sum.toString("latin1");
    const found = known.get(text);
    if (found !== undefined && found.untilMs > options.nowMs()) return found.caller ?? refuseKey();
    if (timingSafeEqual(sum, localHash)) return local;
    let promise = looking.get(text);
    if (promise === undefined) {
      promise = lookUp(sum, text).finally(() => looking.delete(text));
      looking.set(text, promise);
    }
    return promise;
  }

  async function lookUp(sum: Buffer, text: string): Promise<Caller> {
    const row = await findKey(options.api, sum);
    const now = options.nowMs();
    const isGood = row && row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > now);
    const caller = isGood
      ? {
          orgId: row.orgId,
          envId: await options.envOf(row.orgId),
          actor: `key:${row.name}`,
          actions: actionsOf(row.scopes),
        }
      : null;
    // A flood of wrong keys must not push out the good ones.
    if (known.size >= CACHE_ENTRIES_MAX) known.clear();
    known.set(text, { caller, untilMs: now + CACHE_MS });
    return caller ?? refuseKey();
  }
}

/** `*` is everything; unknown words give nothing. */
function actionsOf(scopes: readonly string[]): ReadonlySet<Action> | "all" {
  if (scopes.includes("*")) return "all";
  return new Set(scopes.filter((scope): scope is Action => action.safeParse(scope).success));
}

function refuseKey(): never {
  throw keyNeeded("This key is not known, has expired or was revoked.");
}

function keyNeeded(message: string) {
  return refuse(
    401,
    "KEY_NEEDED",
    message,
    "Send `Authorization: Bearer KEY`; the first start printed the key.",
    {
      headers: { "www-authenticate": 'Bearer realm="AuraOS"' },
    },
  );
}
