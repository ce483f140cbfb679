// A session that proved more gets another token: whoever held a copy of the one before does not rise with it.
import { createHmac, randomBytes } from "node:crypto";
import type { Response } from "express";
import type { Deps } from "../deps.ts";
import { changeToken } from "./store.ts";

export async function renewToken({ identity }: Deps, response: Response, sessionId: string): Promise<void> {
  const context = await (await identity.auth()).$context;
  const token = randomBytes(24).toString("base64url");
  if (!(await changeToken(identity.pool, sessionId, token))) return;
  const { name, attributes } = context.authCookies.sessionToken;
  // Signed as better-auth signs it; identity.db.test.ts would notice if that changed.
  const signature = createHmac("sha256", context.secret).update(token).digest("base64");
  const isKept = !(response.req.headers.cookie ?? "").includes("dont_remember");
  response.appendHeader(
    "set-cookie",
    [
      `${name}=${encodeURIComponent(`${token}.${signature}`)}`,
      `Path=${attributes.path ?? "/"}`,
      "HttpOnly",
      "SameSite=Lax",
      ...(attributes.secure === true ? ["Secure"] : []),
      ...(isKept && attributes.maxAge !== undefined ? [`Max-Age=${attributes.maxAge}`] : []),
    ].join("; "),
  );
}
