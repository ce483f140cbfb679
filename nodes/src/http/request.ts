// Makes the request of one call: address, headers, signing in, body.
import { isObject, type Json } from "@auraos/kernel";
import { signingHeaders } from "../credentials/signingHeaders.ts";
import { useOf } from "../credentials/useOf.ts";
import type { ActivityCall, ActivityContext, HttpRequest } from "../defineNode.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import type { HttpConfig } from "./config.ts";
import { multipartBody } from "./multipart.ts";

export async function buildRequest(
  config: HttpConfig,
  call: ActivityCall,
  context: ActivityContext,
): Promise<HttpRequest> {
  const url = addressOf(config);
  const headers = headersOf(config, call);
  const secretHeaders = await signingHeadersOf(config, url, context);
  const body = await bodyOf(config, call, context);
  if (body && headers["content-type"] === undefined) headers["content-type"] = body.type;
  return {
    method: config.method,
    url,
    headers,
    ...(secretHeaders ? { secretHeaders } : {}),
    ...(body ? { body: body.content } : {}),
    ...(config.timeoutSeconds === undefined ? {} : { timeoutMs: config.timeoutSeconds * 1000 }),
    ...(config.redirectsMax === undefined ? {} : { redirectsMax: config.redirectsMax }),
    ...(config.responseBytesMax === undefined ? {} : { responseBytesMax: config.responseBytesMax }),
  };
}

function addressOf(config: HttpConfig): string {
  const url = URL.canParse(config.url) ? new URL(config.url) : undefined;
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw wrongParameter("url", `must be an address with http:// or https://, not ${show(config.url)}.`);
  }
  for (const [name, given] of Object.entries(config.query ?? {})) {
    for (const one of Array.isArray(given) ? given : [given]) {
      if (one !== null) url.searchParams.append(name, String(one));
    }
  }
  return url.href;
}

function headersOf(config: HttpConfig, call: ActivityCall): Record<string, string> {
  const headers: Record<string, string> = { accept: config.response === "json" ? "application/json" : "*/*" };
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    if (value !== null) headers[name.toLowerCase()] = plain(String(value), `headers.${name}`);
  }
  const { auth } = config;
  if (auth?.type === "basic") headers.authorization = `Basic ${base64(`${auth.user}:${auth.password}`)}`;
  if (auth?.type === "bearer") headers.authorization = `Bearer ${plain(auth.token, "auth.token")}`;
  if (auth?.type === "header") headers[auth.name.toLowerCase()] = plain(auth.value, "auth.value");
  if (config.idempotencyHeader) headers[config.idempotencyHeader.toLowerCase()] = call.idempotencyKey;
  return headers;
}

async function signingHeadersOf(
  { credential }: HttpConfig,
  url: string,
  context: ActivityContext,
): Promise<Record<string, string> | undefined> {
  if (credential === undefined) return undefined;
  return signingHeaders(await context.credential(useOf(url)));
}

/** A line break in a header would start another header. The value is not shown: it may be a secret. */
function plain(value: string, field: string): string {
  if (/[\r\n\0]/.test(value)) throw wrongParameter(field, "must not contain line breaks.");
  return value;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

type Body = { content: string | Uint8Array; type: string };

async function bodyOf(
  config: HttpConfig,
  call: ActivityCall,
  context: ActivityContext,
): Promise<Body | undefined> {
  if (config.bodyType === "file") return fileBody(config.file, call, context);
  const body = config.body as Json | undefined;
  if (body === undefined) return undefined;
  switch (config.bodyType) {
    case "json":
      return { content: jsonText(body), type: "application/json" };
    case "text":
      return { content: textOf(body), type: "text/plain; charset=utf-8" };
    case "form":
      return { content: formText(body), type: "application/x-www-form-urlencoded" };
    case "multipart":
      return multipartBody(body, call, context);
  }
}

function jsonText(body: Json): string {
  if (typeof body !== "string") return JSON.stringify(body);
  try {
    JSON.parse(body);
    return body;
  } catch {
    throw wrongParameter("body", "is text, but not JSON.", 'Give an object, or set "bodyType" to "text".');
  }
}

function textOf(body: Json): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function formText(body: Json): string {
  if (!isObject(body)) throw wrongParameter("body", `must be an object of form fields, not ${show(body)}.`);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null) form.append(name, textOf(one as Json));
    }
  }
  return form.toString();
}

async function fileBody(name: string, call: ActivityCall, context: ActivityContext): Promise<Body> {
  const file = call.items[0]?.files?.[name];
  if (!file) throw wrongData(`The item has no file "${name}".`);
  return { content: await context.blobs.get(file), type: file.mimeType };
}
