// Connections as executions use them: opened by name, kept for a moment, given out only for where they may go, and
// taken out of whatever comes back.
//
// Invariants:
//   1. A secret is given to an activity only if its own node names the connection (a literal that was checked when the
//      workflow was published), and only for a host it is bound to.
//   2. Outcomes are redacted before the engine sees them, so that no history ever holds what was given out.
//   3. What is remembered here ends with a change in this process at once, of another one within CACHE_MS.
import { type Attached, isObject, type JsonObject, type RunActivity } from "@auraos/kernel";
import { ActivityError, type HttpClient } from "@auraos/nodes";
import { findCredentialType } from "@auraos/nodes/credentials/credentialTypes.ts";
import type { Credential, CredentialUse } from "@auraos/nodes/credentials/defineCredential.ts";
import { ownHostOf } from "@auraos/nodes/credentials/services.ts";
import { type Pool, type Transaction, withTenant } from "../platform/db.ts";
import type { Vault } from "../vault/createVault.ts";
import { mayGoTo } from "./hostRules.ts";
import { createTokens, type Tokens } from "./oauthTokens.ts";
import { createRedactor, type Redactor, textsIn } from "./redact.ts";
import { type ConnectionRow, findByName, findConnection, noteUse } from "./store.ts";

const CACHE_MS = 10_000;
const CACHE_ENTRIES_MAX = 1000;

type Named = Pick<RunActivity, "nodeType" | "config">;

/** The connection that an activity's node names, or the sub-node that is attached to it; as written, not evaluated. */
export function namedBy({ nodeType, config }: Named): { name: string; nodeType: string } | undefined {
  if (typeof config.credential === "string") return { name: config.credential, nodeType };
  if (!isObject(config.attached)) return undefined;
  for (const { type, config: own } of Object.values(config.attached as Attached).flat())
    if (typeof own.credential === "string") return { name: own.credential, nodeType: type };
  return undefined;
}

export type Opened = { row: ConnectionRow; values: JsonObject; secret: JsonObject };

export type Connections = {
  /** The one that the activity's own node names. Throws ActivityError. */
  openFor(orgId: string, activity: Named, use: CredentialUse | undefined): Promise<Credential>;
  open(orgId: string, name: string, use: CredentialUse | undefined): Promise<Credential>;
  /** Of an activity: takes the secrets of its connection out of what it gave. */
  redactorFor(orgId: string, activity: Named): Promise<Redactor>;
  /** The service refused the access token: the next use fetches another one. */
  refused(orgId: string, name: string): void;
  /** As it is now, not from memory; undefined when there is none. */
  openById(orgId: string, id: string): Promise<Opened | undefined>;
  secretsOf(tx: Transaction, orgId: string, row: ConnectionRow): Promise<JsonObject>;
  tokens: Tokens;
  forget(orgId: string): void;
};

export function createConnections(options: {
  pool: Pool;
  vault: Vault;
  http: HttpClient;
  envOf: (orgId: string) => Promise<string>;
  /** Kinds of connections that fit a node type; undefined = none. */
  typesOf: (nodeType: string) => readonly string[] | undefined;
  nowMs: () => number;
}): Connections {
  const { pool, vault, nowMs } = options;
  const cache = new Map<string, { opened: Promise<Opened | undefined>; untilMs: number }>();
  const redactors = new WeakMap<Opened, Redactor>();
  const tokens = createTokens({ pool, vault, http: options.http, nowMs });
  return { openFor, open, redactorFor, refused, openById, secretsOf, tokens, forget };

  async function openFor(
    orgId: string,
    { nodeType, config }: Named,
    use: CredentialUse | undefined,
  ): Promise<Credential> {
    const named = namedBy({ nodeType, config });
    const types = named && options.typesOf(named.nodeType);
    if (!named || types === undefined)
      throw failure("CONNECTION_MISSING", "This node names no connection.", "Choose one.");
    const { name } = named;
    const credential = await open(orgId, name, use);
    if (types.includes(credential.type)) return credential;
    throw failure(
      "CONNECTION_TYPE",
      `"${name}" is now of the kind ${credential.type}.`,
      "Choose another one.",
    );
  }

  async function open(orgId: string, name: string, use: CredentialUse | undefined): Promise<Credential> {
    const opened = await find(orgId, name);
    if (!opened)
      throw failure(
        "CONNECTION_MISSING",
        `There is no connection "${name}".`,
        "Create it, or choose another one.",
      );
    const { row, values } = opened;
    refuseElsewhere(opened, use);
    if (findCredentialType(row.type)?.oauth === undefined) return { name, type: row.type, values };
    const accessToken = await tokens.accessTokenOf(orgId, opened);
    return { name, type: row.type, values: { ...values, accessToken } };
  }

  async function redactorFor(orgId: string, activity: Named): Promise<Redactor> {
    const name = namedBy(activity)?.name;
    const opened = name === undefined ? undefined : await find(orgId, name);
    if (!opened) return (value) => value;
    const granted = tokens.grantedTo(opened.row.id);
    if (granted.length > 0) return createRedactor([...secretTexts(opened), ...granted]);
    const known = redactors.get(opened);
    if (known) return known;
    const made = createRedactor(secretTexts(opened));
    redactors.set(opened, made);
    return made;
  }

  function refused(orgId: string, name: string): void {
    void find(orgId, name).then(
      (opened) => opened && tokens.forget(opened.row.id),
      () => {},
    );
  }

  function find(orgId: string, name: string): Promise<Opened | undefined> {
    const key = `${orgId} ${name}`;
    const known = cache.get(key);
    if (known && known.untilMs > nowMs()) return known.opened;
    if (cache.size >= CACHE_ENTRIES_MAX) cache.clear();
    const opened = read(orgId, name);
    cache.set(key, { opened, untilMs: nowMs() + CACHE_MS });
    opened.catch(() => cache.delete(key));
    return opened;
  }

  async function read(orgId: string, name: string): Promise<Opened | undefined> {
    const envId = await options.envOf(orgId);
    return vault.reading(() =>
      withTenant(pool, orgId, async (tx) => {
        const row = await findByName(tx, { orgId, envId, name });
        if (!row) return undefined;
        await noteUse(tx, orgId, row.id);
        return opened(tx, orgId, row);
      }),
    );
  }

  async function openById(orgId: string, id: string): Promise<Opened | undefined> {
    return vault.reading(() =>
      withTenant(pool, orgId, async (tx) => {
        const row = await findConnection(tx, orgId, id);
        return row && opened(tx, orgId, row);
      }),
    );
  }

  async function opened(tx: Transaction, orgId: string, row: ConnectionRow): Promise<Opened> {
    const secret = await secretsOf(tx, orgId, row);
    return { row, secret, values: { ...row.public, ...secret } };
  }

  async function secretsOf(tx: Transaction, orgId: string, row: ConnectionRow): Promise<JsonObject> {
    const place = { table: "connections", id: row.id, version: row.version, purpose: "values" };
    const text = await vault.open(tx, orgId, place, row.sealed);
    return JSON.parse(text.toString("utf8")) as JsonObject;
  }

  function forget(orgId: string): void {
    for (const key of cache.keys()) if (key.startsWith(`${orgId} `)) cache.delete(key);
  }
}

function secretTexts({ values, secret }: Opened): string[] {
  const { user, password } = values;
  const pair = typeof user === "string" && typeof password === "string" ? [`${user}:${password}`] : [];
  return [...textsIn(secret), ...pair];
}

function refuseElsewhere({ row, values }: Opened, use: CredentialUse | undefined): void {
  const type = findCredentialType(row.type);
  if (!type)
    throw failure("CONNECTION_TYPE", `This server does not know the kind ${row.type}.`, "Update it.");
  if (type.hosts === "own") {
    const own = ownHostOf(row.type, values);
    if (use === undefined || (own !== undefined && own.host.toLowerCase() === use.host.toLowerCase())) return;
  } else if (use !== undefined && mayGoTo(row.hosts, use)) return;
  throw failure(
    "CONNECTION_HOST",
    `The connection "${row.name}" is not meant for ${use?.host ?? "this use"}.`,
    "Add the host to the connection if it belongs to the same service; otherwise make another connection.",
  );
}

export function failure(code: string, message: string, remedy: string): ActivityError {
  return new ActivityError({
    code,
    class: "auth",
    message,
    remedy,
    certainty: "notDone",
    retryable: false,
    field: "credential",
  });
}
