// Starts an execution when what an address answers has changed, or for each new element of a list.
import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { defineNode, type HttpResponse, type ListenContext, type TakenMessage } from "../../defineNode.ts";
import { statusFailure } from "../../http/failure.ts";
import { readConfig, wrongData } from "../../readConfig.ts";
import { pathField, plainValues, z } from "../../schema.ts";
import { everySeconds, fromField, inOrder } from "../fields.ts";
import { noTemplates } from "../plainFields.ts";

const SEEN_MAX = 5_000;

const schema = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, "must begin with http:// or https://.")
    .describe("Address that is asked."),
  headers: plainValues("Headers of the request.").optional(),
  everySeconds: everySeconds(60, 1),
  watch: z
    .enum(["change", "items"])
    .default("change")
    .describe(
      "change: when the answer differs from the one before. items: for each element of a list that was not there before.",
    ),
  at: pathField("Which part of a JSON answer counts, such as data.orders. Default: all of it.").optional(),
  idField: pathField("Items: the field that tells elements apart. Default: id.").default("id"),
  from: fromField,
  inOrder,
});

export const pollTrigger = defineNode({
  type: "trigger.poll",
  version: 1,
  name: "Watch an address",
  description:
    "Asks an address from time to time, and starts the workflow when the answer has changed or a list has new elements. Gives status and body; or the element.",
  icon: "refresh-ccw-dot",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema,
  example: { url: "https://api.example.com/orders?state=open", watch: "items", at: "orders", idField: "id" },
  checkConfig: (config) => noTemplates(config),
  listen,
});

type Config = ReturnType<typeof readConfig<typeof schema>>;
type Cursor = { hash?: string; seen?: string[]; etag?: string; count?: number };

async function listen(given: JsonObject, context: ListenContext): Promise<void> {
  const config = readConfig(schema, given);
  let cursor = isObject(context.cursor) ? (context.cursor as Cursor) : undefined;
  do {
    const response = await ask(config, cursor?.etag, context);
    if (response.status !== 304) {
      if (response.status >= 400) throw statusFailure(response, context.nowMs());
      const part = partOf(response, config.at);
      const found =
        config.watch === "items" ? newItems(config, part, cursor) : changed(config, response, part, cursor);
      const { etag } = response.headers;
      const next: Cursor = { ...found.cursor, ...(etag === undefined ? {} : { etag }) };
      if (JSON.stringify(next) !== JSON.stringify(cursor)) await context.take(found.messages, next as Json);
      cursor = next;
    }
    await context.listening();
  } while (await context.pause(config.everySeconds * 1000));
}

function ask(config: Config, etag: string | undefined, context: ListenContext): Promise<HttpResponse> {
  const headers = Object.entries(config.headers ?? {}).map(([name, value]) => [name, String(value ?? "")]);
  return context.http.request(
    {
      method: "GET",
      url: config.url,
      headers: { ...Object.fromEntries(headers), ...(etag === undefined ? {} : { "if-none-match": etag }) },
      timeoutMs: 60_000,
      responseBytesMax: 10_000_000,
      redirectsMax: 5,
    },
    context.signal,
  );
}

function partOf(response: HttpResponse, at: string | undefined): Json {
  const text = new TextDecoder().decode(response.body);
  const isJson = /json/i.test(response.headers["content-type"] ?? "");
  if (!isJson && at === undefined) return text;
  let value: Json | undefined;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw wrongData("The answer is no JSON.", "Leave `at` out, or ask an address that answers with JSON.");
  }
  for (const name of at?.split(".") ?? []) {
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isObject(value) && Object.hasOwn(value, name) ? (value[name] as Json) : undefined;
  }
  return value ?? null;
}

type Found = { messages: TakenMessage[]; cursor: Cursor };

function changed(config: Config, response: HttpResponse, body: Json, cursor: Cursor | undefined): Found {
  const hash = createHash("sha256").update(JSON.stringify(body)).digest("hex");
  const count = (cursor?.count ?? 0) + 1;
  if (cursor?.hash === hash) return { messages: [], cursor: { hash, count: cursor.count ?? 0 } };
  const isFirst = cursor === undefined && config.from === "new";
  const message = { id: `${count}/${hash}`, data: { status: response.status, body, url: config.url } };
  return { messages: isFirst ? [] : [message], cursor: { hash, count } };
}

function newItems(config: Config, list: Json, cursor: Cursor | undefined): Found {
  if (!Array.isArray(list))
    throw wrongData("What is watched is no list.", "Say with `at` where the list stands in the answer.");
  const items = list.map((item) => ({ id: idOf(item, config.idField), item }));
  const known = new Set(cursor?.seen);
  const isFirst = cursor === undefined && config.from === "new";
  const fresh = isFirst ? [] : items.filter(({ id }) => !known.has(id));
  const seen = [...new Set([...items.map(({ id }) => id), ...known])].slice(0, SEEN_MAX);
  const messages = fresh.map(({ id, item }) => ({
    id: `item/${id}`,
    data: (isObject(item) ? item : { value: item }) as JsonObject,
  }));
  return { messages, cursor: { seen } };
}

/** Without such a field an element is known by all it says. */
function idOf(item: Json, field: string): string {
  const value = isObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
  const text = value === undefined || value === null ? JSON.stringify(item) : String(value);
  return text.length <= 200 ? text : createHash("sha256").update(text).digest("hex");
}
