// Reads a response into data and items.
import { type FileRef, type Item, isObject, type Json } from "@auraos/kernel";
import type { ActivityContext, HttpResponse } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { show, wrongData } from "../readConfig.ts";
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
  const form = config.response === "auto" ? formOf(headers["content-type"]) : config.response;
  if (form === "file") return { status, headers, body: undefined, file: await keepFile(response, context) };
  if (method === "HEAD" || body.length === 0) return { status, headers, body: undefined };
  const text = new TextDecoder().decode(body);
  return { status, headers, body: form === "json" ? parseJson(text, response) : { text } };
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

function formOf(contentType: string | undefined): "json" | "text" | "file" {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json" || type.endsWith("+json")) return "json";
  const isText =
    type === "" ||
    type.startsWith("text/") ||
    /[/+]xml$|javascript$|x-www-form-urlencoded$|ndjson$/.test(type);
  return isText ? "text" : "file";
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
  return context.blobs.put(response.body, { name: nameOf(response), mimeType });
}

function nameOf(response: HttpResponse): string {
  const given = /filename="?([^";]+)"?/i.exec(response.headers["content-disposition"] ?? "")?.[1];
  const last = URL.canParse(response.url) ? new URL(response.url).pathname.split("/").at(-1) : undefined;
  return (given ?? last ?? "").replace(/[/\\\0]/g, "_") || "file";
}
