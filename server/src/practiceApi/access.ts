// Echo, sign-in and conditional requests.
import { createHash } from "node:crypto";
import { type Call, type Route, readBody, sendError, sendJson } from "./route.ts";
import { countCall } from "./state.ts";

export const practiceUser = "practice";
export const practicePassword = "practice-password";
export const practiceToken = "practice-token";

export const accessRoutes: Route[] = [
  {
    method: "ANY",
    path: "/echo",
    about: "Tells what arrived: method, query, headers, body.",
    example: "/echo?colour=blue",
    async handle(call) {
      const body = (await readBody(call)).toString();
      sendJson(call, 200, {
        method: call.request.method,
        path: call.url.pathname,
        query: Object.fromEntries(call.url.searchParams),
        headers: call.request.headers,
        body,
        json: jsonOf(body),
      });
    },
  },
  {
    method: "GET",
    path: "/basic-auth",
    about: `Needs basic authorization: ${practiceUser} / ${practicePassword}.`,
    handle(call) {
      const expected = `Basic ${Buffer.from(`${practiceUser}:${practicePassword}`).toString("base64")}`;
      if (call.request.headers.authorization === expected)
        return sendJson(call, 200, { ok: true, user: practiceUser });
      sendError(call, 401, "UNAUTHORIZED", "User or password is wrong.", {
        "www-authenticate": 'Basic realm="practice"',
      });
    },
  },
  {
    method: "GET",
    path: "/bearer",
    about: `Needs the bearer token ${practiceToken}; with ?expires=n the token is refused on every nth call.`,
    handle: bearer,
  },
  {
    method: "GET",
    path: "/api-key",
    about: `Needs the header X-Api-Key: ${practiceToken}; without it 403.`,
    handle(call) {
      if (call.request.headers["x-api-key"] === practiceToken) return sendJson(call, 200, { ok: true });
      sendError(call, 403, "FORBIDDEN", "This key may not do that.");
    },
  },
  {
    method: "GET",
    path: "/etag",
    about: "Has an ETag and Last-Modified; If-None-Match or If-Modified-Since give 304. ?version changes it.",
    handle(call) {
      const version = call.url.searchParams.get("version") ?? "1";
      const etag = `"${createHash("sha256").update(`${call.state.seed} ${version}`).digest("hex").slice(0, 16)}"`;
      const changed = "Mon, 05 Jan 2026 08:00:00 GMT";
      const headers = { etag, "last-modified": changed, "cache-control": "no-cache" };
      const asked = call.request.headers["if-none-match"];
      const same =
        asked === undefined
          ? call.request.headers["if-modified-since"] === changed
          : asked.split(/\s*,\s*/).includes(etag);
      if (same) call.response.writeHead(304, headers).end();
      else sendJson(call, 200, { version }, headers);
    },
  },
];

function bearer(call: Call): void {
  const every = Number(call.url.searchParams.get("expires") ?? "0");
  const isExpired = every > 0 && countCall(call.state, "bearer") % every === 0;
  const isKnown = call.request.headers.authorization === `Bearer ${practiceToken}`;
  if (isKnown && !isExpired) sendJson(call, 200, { ok: true });
  else if (isExpired)
    sendError(call, 401, "TOKEN_EXPIRED", "The token has expired.", challenge("invalid_token"));
  else sendError(call, 401, "UNAUTHORIZED", "The token is missing or wrong.", challenge("invalid_request"));
}

function challenge(error: string): Record<string, string> {
  return { "www-authenticate": `Bearer error="${error}"` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
