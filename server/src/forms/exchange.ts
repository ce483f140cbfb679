// What hosted forms read and send over HTTP.
import { randomBytes } from "node:crypto";
import type { FileRef, JsonObject } from "@auraos/kernel";
import type { Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { contentType, readBody } from "../platform/body.ts";
import { refuse } from "../platform/errors.ts";
import { readMultipart } from "../webhooks/forms.ts";

export type FormSent = { body: JsonObject; files: Record<string, FileRef> };

/** Files are durable when it resolves. */
export async function readSent(
  deps: Deps,
  request: Request,
  place: { orgId: string; executionId: string; day: string },
): Promise<FormSent> {
  const type = contentType(request);
  const bytes = await readBody(request, deps.settings.webhookBytesMax);
  if (type === "application/x-www-form-urlencoded")
    return { body: Object.fromEntries(new URLSearchParams(bytes.toString())), files: {} };
  if (type !== "multipart/form-data")
    throw refuse(415, "CONTENT_TYPE", "This is not what a form sends.", "Send it as multipart/form-data.");
  const store = deps.blobs.forExecution(place);
  return readMultipart(bytes, request.headers["content-type"] ?? "", (file, about) => store.put(file, about));
}

export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

export function seeOther(response: Response, location: string): void {
  response.writeHead(303, { location, "cache-control": "no-store", "content-length": "0" }).end();
}

export function sendHtml(
  response: Response,
  status: number,
  html: string,
  nonce: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-length": Buffer.byteLength(html),
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      ...headers,
    })
    .end(html);
}
