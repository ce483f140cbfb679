// One question to better-auth on behalf of a request, and its answer in our words. The guards around it:
//   * a page of another origin is refused before anything is read
//   * the address that limits count by comes from the socket or a trusted proxy, never from a header that anybody can write
//   * its answers are not passed on: session tokens stand in them; only the cookies are
import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import { type Refusal, refuse } from "../platform/errors.ts";
import type { Auth } from "./auth.ts";
import { ADDRESS_HEADER, BASE_PATH } from "./names.ts";

export type Asked = { status: number; json: Record<string, unknown>; location: string | null };

export type Question = { method?: "GET" | "POST"; path: string; body?: unknown; query?: string };

/** Throws what was refused as a Refusal. Cookies of the answer are not sent before `keep` is called. */
export async function ask(
  auth: Auth,
  { url, client }: { url: string; client: string },
  request: Request,
  question: Question,
): Promise<Asked & { keep(response: Response): void }> {
  refuseForeignPage(request);
  const method = question.method ?? "POST";
  const headers = new Headers({ [ADDRESS_HEADER]: client });
  for (const name of [
    "cookie",
    "origin",
    "user-agent",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
  ]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  if (!headers.has("origin")) headers.set("origin", new URL(url).origin);
  if (method === "POST") headers.set("content-type", "application/json");
  const answer = await auth.handler(
    new Request(`${url}${BASE_PATH}${question.path}${question.query ?? ""}`, {
      method,
      headers,
      ...(method === "POST" ? { body: JSON.stringify(question.body ?? {}) } : {}),
    }),
  );
  const text = await answer.text();
  const json = (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {}) as Asked["json"];
  if (answer.status >= 400) throw refusalOf(answer, json);
  return {
    status: answer.status,
    json,
    location: answer.headers.get("location"),
    keep: (response) => {
      const cookies = answer.headers.getSetCookie();
      if (cookies.length > 0) response.appendHeader("set-cookie", cookies);
    },
  };
}

/** Programs send no Origin. A browser does, on every request that could change something. */
export function refuseForeignPage(request: IncomingMessage): void {
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isForeign =
    origin === undefined
      ? site !== undefined && site !== "same-origin" && site !== "none" && request.method !== "GET"
      : URL.parse(origin)?.host !== request.headers.host;
  if (isForeign)
    throw refuse(
      403,
      "ORIGIN_FOREIGN",
      "A page of another origin sent this.",
      "Open this server's own address.",
    );
}

function refusalOf(answer: globalThis.Response, json: Asked["json"]): Refusal {
  const { status } = answer;
  const code = typeof json.code === "string" && /^[A-Z0-9_]{3,60}$/.test(json.code) ? json.code : undefined;
  if (status === 429) {
    const seconds = Math.min(Number(answer.headers.get("x-retry-after") ?? 60) || 60, 3600);
    return refuse(429, code ?? "TOO_MANY_TRIES", "There were too many tries.", `Wait ${seconds} seconds.`, {
      headers: { "retry-after": String(seconds) },
    });
  }
  if (status >= 500)
    return refuse(500, "IDENTITY_FAILED", "Signing in does not work at the moment.", "See the server's log.");
  // It answers 400 to a wrong password where a session is there already.
  const isWrong =
    status === 401 || (code !== undefined && /INVALID_(PASSWORD|CODE|BACKUP_CODE|TOKEN)/.test(code));
  const [message, remedy] = words[code ?? ""] ?? ["This was refused.", "Check what was sent and try again."];
  return refuse(isWrong ? 401 : status, code ?? "REFUSED", message, remedy);
}

const words: Record<string, readonly [string, string]> = {
  INVALID_EMAIL_OR_PASSWORD: ["E-mail address or password is wrong.", "Try again, or choose a new password."],
  INVALID_PASSWORD: ["The password is wrong.", "Try again."],
  INVALID_CODE: ["The code is wrong.", "Take the next one that the app shows."],
  INVALID_BACKUP_CODE: ["This backup code is wrong or used.", "Take another one."],
  INVALID_TWO_FACTOR_COOKIE: ["The sign-in took too long.", "Begin again with the password."],
  INVALID_TOKEN: ["The address is used, wrong or too old.", "Ask for a new one."],
  EMAIL_NOT_VERIFIED: ["The e-mail address is not confirmed.", "Ask for a new invitation."],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: ["There were too many wrong codes.", "Begin again with the password."],
  ACCOUNT_TEMPORARILY_LOCKED: ["There were too many wrong codes.", "Wait fifteen minutes."],
  PASSKEY_NOT_FOUND: ["This passkey is not known here.", "Sign in another way."],
  AUTHENTICATION_FAILED: ["The passkey was not accepted.", "Try again."],
  CHALLENGE_NOT_FOUND: ["It took too long.", "Try again."],
  TOTP_ALREADY_ENABLED: ["There is an authenticator app already.", "End it first."],
};
