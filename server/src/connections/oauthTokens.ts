// OAuth 2.0 access tokens: fetched when they are needed, renewed before they end, one request at a time for each
// connection (many services make a refresh token invalid by its use: a second refresh would end the access).
import type { JsonObject } from "@auraos/kernel";
import { ActivityError, type HttpClient } from "@auraos/nodes";
import { type Pool, withTenant } from "../platform/db.ts";
import type { Vault } from "../vault/createVault.ts";
import type { Opened } from "./createConnections.ts";
import { type ConnectionRow, findConnection, noteReconnect, replaceTokens } from "./store.ts";

/** Renewed this long before the end, so that no request starts with a token that ends on its way. */
const EARLY_MS = 60_000;
const REQUEST_MS = 20_000;

export type Granted = { accessToken: string; refreshToken?: string; expiresAtMs: number | null };

export type Tokens = {
  accessTokenOf(orgId: string, opened: Opened): Promise<string>;
  /** With the code that the service gave a person. */
  redeem(orgId: string, opened: Opened, grant: Record<string, string>): Promise<void>;
  forget(connectionId: string): void;
  /** Texts to take out of outcomes. */
  grantedTo(connectionId: string): string[];
};

export function createTokens(options: {
  pool: Pool;
  vault: Vault;
  http: HttpClient;
  nowMs: () => number;
}): Tokens {
  const { pool, vault, http, nowMs } = options;
  const known = new Map<string, Granted & { version: number }>();
  const fetching = new Map<string, Promise<Granted>>();
  return { accessTokenOf, redeem, forget, grantedTo };

  async function accessTokenOf(orgId: string, opened: Opened): Promise<string> {
    const { id, version } = opened.row;
    const granted = known.get(id);
    if (granted && granted.version === version && isFresh(granted)) return granted.accessToken;
    let under = fetching.get(id);
    if (!under) {
      under = obtain(orgId, opened).finally(() => fetching.delete(id));
      fetching.set(id, under);
    }
    return (await under).accessToken;
  }

  async function redeem(orgId: string, opened: Opened, grant: Record<string, string>): Promise<void> {
    const granted = await ask(opened.values, { grant_type: "authorization_code", ...grant });
    await keep(orgId, opened.row.id, granted);
    known.set(opened.row.id, { ...granted, version: opened.row.version });
  }

  function forget(connectionId: string): void {
    const granted = known.get(connectionId);
    if (granted) known.set(connectionId, { ...granted, expiresAtMs: 0 });
  }

  function grantedTo(connectionId: string): string[] {
    const granted = known.get(connectionId);
    return granted ? [granted.accessToken, ...(granted.refreshToken ? [granted.refreshToken] : [])] : [];
  }

  async function obtain(orgId: string, { row, values }: Opened): Promise<Granted> {
    // Forgotten because the service refused it: the stored one is the same.
    const isRefused = known.get(row.id)?.expiresAtMs === 0;
    const stored = await readStored(orgId, row.id);
    if (stored && !isRefused && isFresh(stored.granted)) {
      known.set(row.id, { ...stored.granted, version: row.version });
      return stored.granted;
    }
    const granted =
      row.type === "oauth2.code"
        ? await renew(orgId, row, values, stored?.granted.refreshToken)
        : await ask(values, clientGrant(values));
    await keep(orgId, row.id, granted);
    known.set(row.id, { ...granted, version: row.version });
    return granted;
  }

  async function renew(
    orgId: string,
    row: ConnectionRow,
    values: JsonObject,
    refreshToken: string | undefined,
  ): Promise<Granted> {
    if (refreshToken === undefined) throw reconnect(row.name);
    try {
      const granted = await ask(values, { grant_type: "refresh_token", refresh_token: refreshToken });
      return { refreshToken, ...granted };
    } catch (error) {
      if (!(error instanceof ActivityError) || error.failure.code !== "OAUTH_REFUSED") throw error;
      await withTenant(pool, orgId, (tx) => noteReconnect(tx, orgId, row.id));
      throw reconnect(row.name);
    }
  }

  async function ask(values: JsonObject, grant: Record<string, string>): Promise<Granted> {
    const { tokenUrl, clientId, clientSecret, clientAuth } = values as Record<string, string | undefined>;
    const form = new URLSearchParams(grant);
    const headers: Record<string, string> = {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    };
    if (clientAuth === "body" || clientSecret === undefined) {
      form.set("client_id", clientId ?? "");
      if (clientSecret !== undefined) form.set("client_secret", clientSecret);
    } else {
      const pair = [clientId ?? "", clientSecret].map((part) => encodeURIComponent(part)).join(":");
      headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    }
    const reply = await http.request(
      {
        method: "POST",
        url: tokenUrl ?? "",
        headers,
        body: form.toString(),
        redirectsMax: 0,
        timeoutMs: REQUEST_MS,
      },
      AbortSignal.timeout(REQUEST_MS),
    );
    return readGrant(reply.status, Buffer.from(reply.body).toString("utf8"), nowMs());
  }

  async function readStored(orgId: string, id: string): Promise<{ granted: Granted } | undefined> {
    return vault.reading(() =>
      withTenant(pool, orgId, async (tx) => {
        const row = await findConnection(tx, orgId, id);
        if (!row?.tokens) return undefined;
        const text = await vault.open(tx, orgId, placeOf(id, row.tokensVersion), row.tokens);
        return { granted: JSON.parse(text.toString("utf8")) as Granted };
      }),
    );
  }

  async function keep(orgId: string, id: string, granted: Granted): Promise<void> {
    await withTenant(pool, orgId, async (tx) => {
      const row = await findConnection(tx, orgId, id, { lock: true });
      if (!row) return;
      const version = row.tokensVersion + 1;
      const sealed = await vault.seal(tx, orgId, placeOf(id, version), Buffer.from(JSON.stringify(granted)));
      const expireAt = granted.expiresAtMs === null ? null : new Date(granted.expiresAtMs);
      await replaceTokens(tx, { id, orgId }, { sealed, version, expireAt });
    });
  }

  function isFresh({ expiresAtMs }: Granted): boolean {
    return expiresAtMs === null || expiresAtMs - EARLY_MS > nowMs();
  }
}

export function placeOf(id: string, version: number) {
  return { table: "connections", id, version, purpose: "tokens" };
}

function clientGrant({ scope, audience }: JsonObject): Record<string, string> {
  return {
    grant_type: "client_credentials",
    ...(typeof scope === "string" ? { scope } : {}),
    ...(typeof audience === "string" ? { audience } : {}),
  };
}

/** RFC 6749, 5.1 and 5.2. What the service says of an error is a code of the standard; nothing else is repeated. */
export function readGrant(status: number, body: string, nowMs: number): Granted {
  let reply: JsonObject = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) reply = parsed as JsonObject;
  } catch {
    // Said below.
  }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = reply;
  if (status === 200 && typeof accessToken === "string" && accessToken !== "") {
    const seconds = Number(expiresIn);
    return {
      accessToken,
      ...(typeof refreshToken === "string" ? { refreshToken } : {}),
      expiresAtMs: Number.isFinite(seconds) && seconds > 0 ? nowMs + seconds * 1000 : null,
    };
  }
  const said =
    typeof reply.error === "string" && /^[\w.-]{1,60}$/.test(reply.error) ? ` (${reply.error})` : "";
  const isRefusal = status >= 400 && status < 500 && status !== 429 && status !== 408;
  throw new ActivityError({
    code: isRefusal ? "OAUTH_REFUSED" : "OAUTH_FAILED",
    class: isRefusal ? "auth" : "server",
    message: `The token endpoint answered ${status}${said}.`,
    remedy: isRefusal
      ? "Check client id, client secret and scopes."
      : "The service may answer again later; nothing was done yet.",
    certainty: "notDone",
    retryable: !isRefusal,
    field: "credential",
  });
}

function reconnect(name: string): ActivityError {
  return new ActivityError({
    code: "CONNECTION_RECONNECT",
    class: "auth",
    message: `The access of the connection "${name}" has ended, or nobody has allowed it yet.`,
    remedy: "Open the connection and connect it again.",
    certainty: "notDone",
    retryable: false,
    field: "credential",
  });
}
