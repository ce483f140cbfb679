// A person allows an OAuth 2 access: authorization code with PKCE (RFC 7636). Nothing is stored in between: the state is
// signed and says which connection, who began and until when; the verifier follows from it.
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Connection } from "@auraos/contract";
import { NodeError } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { ownUrl } from "../platform/ownUrl.ts";
import type { Opened } from "./createConnections.ts";
import { noConnection } from "./saveConnection.ts";
import { connectionView } from "./view.ts";

const STATE_MS = 600_000;

export async function beginAuthorization(deps: Deps, caller: Caller, id: string): Promise<string> {
  const { row, values } = await openById(deps, caller, id);
  if (row.type !== "oauth2.code")
    throw refuse(
      409,
      "NO_AUTHORIZATION",
      "This kind of connection needs nobody to allow it.",
      "Just use it.",
    );
  const state = sign(deps, [id, caller.orgId, caller.actor, deps.nowMs() + STATE_MS, deps.newId()]);
  const { authorizeUrl, clientId, scope, parameters } = values as {
    authorizeUrl: string;
    clientId: string;
    scope?: string;
    parameters?: Record<string, string>;
  };
  const url = new URL(authorizeUrl);
  for (const [name, value] of Object.entries({
    ...parameters,
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri(deps),
    ...(scope === undefined ? {} : { scope }),
    state,
    code_challenge: challengeOf(verifierOf(deps, state)),
    code_challenge_method: "S256",
  }))
    url.searchParams.set(name, value);
  return url.href;
}

export async function finishAuthorization(
  deps: Deps,
  caller: Caller,
  { code, state }: { code: string; state: string },
): Promise<Connection> {
  const id = idOf(deps, caller, state);
  const opened = await openById(deps, caller, id);
  try {
    await deps.connections.tokens.redeem(caller.orgId, opened, {
      code,
      redirect_uri: redirectUri(deps),
      code_verifier: verifierOf(deps, state),
    });
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    throw refuse(422, error.failure.code, error.failure.message, error.failure.remedy ?? "Begin again.");
  }
  deps.connections.forget(caller.orgId);
  const { row } = await openById(deps, caller, id);
  return connectionView(row, deps.nowMs());
}

async function openById(deps: Deps, { orgId }: Caller, id: string): Promise<Opened> {
  const opened = await deps.connections.openById(orgId, id);
  if (!opened) throw noConnection();
  return opened;
}

function redirectUri({ settings }: Deps): string {
  return `${ownUrl(settings)}/connections/authorized`;
}

type State = [id: string, orgId: string, actor: string, untilMs: number, nonce: string];

function sign(deps: Deps, state: State): string {
  const text = Buffer.from(JSON.stringify(state)).toString("base64url");
  return `${text}.${mac(deps, "state", text)}`;
}

/** Begun here, by the same person, not long ago: a code that somebody else slipped in is refused. */
function idOf(deps: Deps, caller: Caller, state: string): string {
  const [text = "", given = ""] = state.split(".");
  const expected = mac(deps, "state", text);
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
    throw refuseState("was not made here");
  const [id, orgId, actor, untilMs] = JSON.parse(Buffer.from(text, "base64url").toString()) as State;
  if (orgId !== caller.orgId || actor !== caller.actor) throw refuseState("was begun by somebody else");
  if (untilMs < deps.nowMs()) throw refuseState("was begun more than ten minutes ago");
  return id;
}

function refuseState(why: string) {
  return refuse(422, "AUTHORIZATION_STATE", `This authorization ${why}.`, "Begin again from the connection.");
}

function verifierOf(deps: Deps, state: string): string {
  return mac(deps, "verifier", state);
}

function challengeOf(verifier: string): string {
  return hash("sha256", verifier, "base64url");
}

function mac(deps: Deps, purpose: string, text: string): string {
  return createHmac("sha256", deps.stateKey).update(`${purpose}:${text}`).digest("base64url");
}
