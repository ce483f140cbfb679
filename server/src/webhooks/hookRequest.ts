// A webhook request as the item a workflow gets: {body, query, headers, method, path, rawBody?}.
// The body is parsed by its declared type only; of a multipart body the files become blobs. `rawBody` is the text as it came, for signatures; bytes of any other
// type become a file. Credentials of the caller do not enter the history.
import type { IncomingMessage } from "node:http";
import type { FileRef, Item, Json, JsonObject } from "@auraos/kernel";
import { contentType, isJsonType, isYamlType, textOf } from "../platform/body.ts";
import { refuse } from "../platform/errors.ts";
import { checkDocument, parseJson, parseYaml } from "../platform/json.ts";
import { readMultipart } from "./multipart.ts";

const credentials = new Set(["authorization", "cookie", "proxy-authorization"]);
/** A text above this is not kept a second time. */
const RAW_LENGTH_MAX = 64 * 1024;

export type StoreFile = (bytes: Buffer, about: { name: string; mimeType: string }) => Promise<FileRef>;

export async function hookItem(
  request: IncomingMessage,
  path: string,
  search: string,
  bytes: Buffer,
  storeFile: StoreFile,
  options: { secretHeader?: string | undefined; keepRaw?: boolean } = {},
): Promise<Item> {
  const json: JsonObject = {
    body: null,
    query: Object.fromEntries(pairs(new URLSearchParams(search))),
    headers: headersOf(request, options.secretHeader?.toLowerCase()),
    method: request.method ?? "GET",
    path,
  };
  if (bytes.length === 0) return { json };
  const type = contentType(request);
  if (type === undefined)
    throw refuse(
      415,
      "CONTENT_TYPE",
      "The body has no content type.",
      "Send content-type: application/json.",
    );
  if (type === "multipart/form-data") {
    const { body, files } = await readMultipart(bytes, request.headers["content-type"] ?? "", storeFile);
    json.body = body;
    return Object.keys(files).length === 0 ? { json } : { json, files };
  }
  const raw =
    options.keepRaw === true
      ? { files: { raw: await storeFile(bytes, { name: "raw", mimeType: type }) } }
      : {};
  if (isJsonType(type) || isYamlType(type) || type === "application/x-www-form-urlencoded") {
    const text = textOf(bytes);
    json.body = parsed(text, type);
    if (text.length <= RAW_LENGTH_MAX) json.rawBody = text;
    return { json, ...raw };
  }
  if (type.startsWith("text/") || type === "application/xml") {
    json.body = textOf(bytes);
    return { json, ...raw };
  }
  return { json, files: { body: await storeFile(bytes, { name: "body", mimeType: type }) } };
}

function parsed(text: string, type: string): Json {
  if (type === "application/x-www-form-urlencoded")
    return Object.fromEntries(pairs(new URLSearchParams(text)));
  const value = isJsonType(type) ? parseJson(text) : parseYaml(text);
  checkDocument(value);
  return value as Json;
}

/** A name that comes once is a text, one that comes again a list. */
function* pairs(search: URLSearchParams): Iterable<[string, Json]> {
  const seen = new Set<string>();
  for (const name of search.keys()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name === "__proto__")
      throw refuse(400, "KEY_FORBIDDEN", "A field is named __proto__.", "Rename the field.");
    const values = search.getAll(name);
    yield [name, values.length === 1 ? (values[0] ?? "") : values];
  }
}

function headersOf(request: IncomingMessage, secret: string | undefined): JsonObject {
  const headers: JsonObject = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || credentials.has(name) || name === secret || name === "__proto__") continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
