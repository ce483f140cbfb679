// Reads a response into data and items. What becomes a file goes to the store piece by piece, however large it is.
import { type FileRef, type Item, isObject, type Json } from "@auraos/kernel";
import { type ActivityContext, ActivityError, type HttpHead, type HttpResponse } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { show, wrongData } from "../readConfig.ts";
import { knownEncoding } from "../rows/encoding.ts";
import type { HttpConfig } from "./config.ts";
import { malformed } from "./failure.ts";

export type Reply = {
  status: number;
  headers: Record<string, string>;
  body: Json | undefined;
  file?: FileRef;
};

export async function readReply(
  response: HttpResponse,
  config: HttpConfig,
  method: string,
  context: ActivityContext,
): Promise<Reply> {
  const { status, headers, body } = response;
  const form = formOf(response, config);
  if (form === "file") return { status, headers, body: undefined, file: await keepFile(response, context) };
  if (method === "HEAD" || body.length === 0) return { status, headers, body: undefined };
  const text = new TextDecoder(charsetOf(headers["content-type"])).decode(body);
  return { status, headers, body: form === "json" ? parseJson(text, response) : { text } };
}

export function isFile(head: HttpHead, config: HttpConfig): boolean {
  return formOf(head, config) === "file";
}

/** Items of one reply; a list gives one per element. */
export function replyItems(reply: Reply, config: HttpConfig): Item[] {
  const files = reply.file ? { files: { data: reply.file } } : {};
  if (config.full) {
    const { status, headers, body = null } = reply;
    return [{ json: { status, headers, body }, ...files }];
  }
  if (reply.file) {
    const { name, mimeType, bytes } = reply.file;
    return [{ json: { name, mimeType, bytes }, ...files }];
  }
  const body = config.itemsField === undefined ? reply.body : listOf(reply, config.itemsField);
  if (config.split && Array.isArray(body)) return body.map((json) => ({ json }));
  return [{ json: body ?? {} }];
}

/** The list of a page, or of a reply with `itemsField`. */
export function listOf(reply: Reply, itemsField: string | undefined): Json[] {
  const list = itemsField === undefined ? reply.body : getPath(reply.body, itemsField);
  if (Array.isArray(list)) return list;
  const place = itemsField === undefined ? "The reply" : `"${itemsField}" of the reply`;
  const fields = isObject(reply.body)
    ? ` The reply has: ${Object.keys(reply.body).slice(0, 20).join(", ")}.`
    : "";
  throw wrongData(
    `${place} is ${show(list)}, not a list.${fields}`,
    'Set "itemsField" to the place of the list.',
  );
}

function formOf({ headers }: HttpHead, { response }: HttpConfig): "json" | "text" | "file" {
  if (response !== "auto") return response;
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json" || type.endsWith("+json")) return "json";
  const isText =
    type === "" ||
    type.startsWith("text/") ||
    /[/+]xml$|javascript$|x-www-form-urlencoded$|ndjson$/.test(type);
  return isText ? "text" : "file";
}

/** As the service says; one that nobody knows counts as UTF-8. */
function charsetOf(contentType = ""): string {
  const named = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1];
  return (named === undefined ? undefined : knownEncoding(named)) ?? "utf-8";
}

function parseJson(text: string, response: HttpResponse): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw malformed(response, error instanceof Error ? error.message : String(error));
  }
}

async function keepFile(response: HttpResponse, context: ActivityContext): Promise<FileRef> {
  const mimeType = response.headers["content-type"]?.split(";")[0]?.trim() || "application/octet-stream";
  const about = { name: nameOf(response), mimeType };
  try {
    return await context.blobs.put(response.stream ?? response.body, about);
  } catch (error) {
    if (!(error instanceof ActivityError) || context.signal.aborted) throw error;
    // The file was not kept, but the service has answered: what it did, it did.
    throw new ActivityError({ ...error.failure, certainty: "unknown" });
  }
}

function nameOf(response: HttpResponse): string {
  const given = /filename="?([^";]+)"?/i.exec(response.headers["content-disposition"] ?? "")?.[1];
  const last = URL.canParse(response.url) ? new URL(response.url).pathname.split("/").at(-1) : undefined;
  return (given ?? last ?? "").replace(/[/\\\0]/g, "_") || "file";
}
