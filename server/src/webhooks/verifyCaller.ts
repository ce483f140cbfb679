// Who may call a webhook: a password, a secret header, a token, or the signature of a provider over the body as it came.
//
// A signed call that is sent once more, by the provider or by somebody who overheard it, has the id or the signature it
// had: that is its start key, so it gets the first execution and starts nothing. Signatures with a time are refused when
// they are older (or newer) than the tolerance; what is older than any start key is older than that.
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isObject } from "@auraos/kernel";
import { refuse } from "../platform/errors.ts";
import type { HookAuth } from "./hookOptions.ts";

const TOLERANCE_SECONDS = 300;

export type HookCall = { headers: IncomingHttpHeaders; bytes: Buffer; nowMs: number };

/** Id of the call by which a repetition is known, where the scheme has one. Throws a refusal. */
export function verifyCaller(auth: HookAuth | undefined, call: HookCall): { callId?: string } {
  switch (auth?.auth) {
    case undefined:
    case "none":
      return {};
    case "basic":
      return basic(auth, call);
    case "header":
      if (!sameText(header(call, auth.headerName ?? ""), auth.secret ?? "")) throw refused();
      return {};
    case "jwt":
      return token(auth, call);
    case "standard":
      return standard(auth, call);
    case "github":
      return github(auth, call);
    case "stripe":
      return stripe(auth, call);
    case "slack":
      return slack(auth, call);
  }
}

function basic(auth: HookAuth, call: HookCall): { callId?: string } {
  const [, encoded = ""] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header(call, "authorization")) ?? [];
  const given = Buffer.from(encoded, "base64").toString();
  if (!sameText(given, `${auth.user ?? ""}:${auth.secret ?? ""}`))
    throw refused({ "www-authenticate": 'Basic realm="webhook", charset="UTF-8"' });
  return {};
}

/** Standard Webhooks 1.0: id.timestamp.body under a secret that is written as whsec_ and base64. */
function standard(auth: HookAuth, call: HookCall): { callId?: string } {
  const [id, time] = [header(call, "webhook-id"), header(call, "webhook-timestamp")];
  isFresh(auth, call, time);
  const key = Buffer.from((auth.secret ?? "").replace(/^whsec_/, ""), "base64");
  const wanted = hmac(key, `${id}.${time}.`, call.bytes, "base64");
  const given = header(call, "webhook-signature").split(" ");
  if (id === "" || !given.some((one) => one.startsWith("v1,") && sameText(one.slice(3), wanted)))
    throw refused();
  return { callId: id };
}

function github(auth: HookAuth, call: HookCall): { callId?: string } {
  const wanted = `sha256=${hmac(auth.secret ?? "", "", call.bytes, "hex")}`;
  if (!sameText(header(call, "x-hub-signature-256"), wanted)) throw refused();
  // The signature does not cover the delivery's id: the body alone says which call this is.
  return { callId: wanted };
}

function stripe(auth: HookAuth, call: HookCall): { callId?: string } {
  const parts = header(call, "stripe-signature")
    .split(",")
    .map((part) => part.split("=", 2) as [string, string | undefined]);
  const time = parts.find(([name]) => name === "t")?.[1] ?? "";
  isFresh(auth, call, time);
  const wanted = hmac(auth.secret ?? "", `${time}.`, call.bytes, "hex");
  if (!parts.some(([name, value]) => name === "v1" && sameText(value ?? "", wanted))) throw refused();
  return { callId: idOfBody(call.bytes) ?? wanted };
}

function slack(auth: HookAuth, call: HookCall): { callId?: string } {
  const time = header(call, "x-slack-request-timestamp");
  isFresh(auth, call, time);
  const wanted = `v0=${hmac(auth.secret ?? "", `v0:${time}:`, call.bytes, "hex")}`;
  if (!sameText(header(call, "x-slack-signature"), wanted)) throw refused();
  return { callId: wanted };
}

type Claims = { exp?: number; nbf?: number; iss?: string; aud?: string | string[]; jti?: string };

/** The algorithm is a setting, never the token's own word. */
function token(auth: HookAuth, call: HookCall): { callId?: string } {
  const text = header(call, "authorization").replace(/^Bearer\s+/i, "");
  const [head = "", body = "", signature = "", ...more] = text.split(".");
  const algorithm = auth.algorithm ?? "HS256";
  const about = jsonOf(head) as { alg?: string } | undefined;
  const claims = jsonOf(body) as Claims | undefined;
  if (more.length > 0 || about?.alg !== algorithm || claims === undefined) throw refused();
  if (!isSigned(auth, algorithm, `${head}.${body}`, signature)) throw refused();
  const now = call.nowMs / 1000;
  const audience = claims.aud === undefined ? [] : [claims.aud].flat();
  const fits =
    (claims.exp === undefined || (typeof claims.exp === "number" && claims.exp > now - 5)) &&
    (claims.nbf === undefined || (typeof claims.nbf === "number" && claims.nbf < now + 5)) &&
    (auth.issuer === undefined || claims.iss === auth.issuer) &&
    (auth.audience === undefined || audience.includes(auth.audience));
  if (!fits) throw refused();
  return {};
}

function isSigned(auth: HookAuth, algorithm: string, text: string, signature: string): boolean {
  if (algorithm === "HS256")
    return sameText(signature, hmac(auth.secret ?? "", text, Buffer.alloc(0), "base64url"));
  try {
    const key = createPublicKey(auth.publicKey ?? "");
    const isCurve = algorithm === "ES256";
    if (key.asymmetricKeyType !== (isCurve ? "ec" : "rsa")) return false;
    return verify(
      "sha256",
      Buffer.from(text),
      isCurve ? { key, dsaEncoding: "ieee-p1363" } : key,
      Buffer.from(signature, "base64url"),
    );
  } catch {
    return false;
  }
}

function isFresh(auth: HookAuth, call: HookCall, seconds: string): void {
  const tolerance = auth.toleranceSeconds ?? TOLERANCE_SECONDS;
  const isRight = /^\d{1,12}$/.test(seconds) && Math.abs(call.nowMs / 1000 - Number(seconds)) <= tolerance;
  if (!isRight) throw refused();
}

function hmac(
  key: string | Buffer,
  start: string,
  bytes: Buffer,
  encoding: "hex" | "base64" | "base64url",
): string {
  return createHmac("sha256", key).update(start).update(bytes).digest(encoding);
}

function header({ headers }: HookCall, name: string): string {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? value : "";
}

/** Of any length, and in a time that says nothing about where they differ. An empty secret opens nothing. */
function sameText(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return wanted !== "" && timingSafeEqual(digest(given), digest(wanted));
}

function jsonOf(part: string): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function idOfBody(bytes: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isObject(value) && typeof value.id === "string" && value.id.length <= 200 ? value.id : undefined;
  } catch {
    return undefined;
  }
}

/** The same for every reason: who tries learns nothing. */
function refused(headers: Record<string, string> = {}) {
  return refuse(
    401,
    "WEBHOOK_NOT_SIGNED",
    "The caller did not prove who it is.",
    "Check the secret on both sides, that the body is sent as it was signed, and the clock.",
    { headers },
  );
}
