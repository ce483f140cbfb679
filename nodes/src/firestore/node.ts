// Reads and writes documents of Firestore over its REST interface, so that the rules for outbound calls hold. Of that
// interface it uses batchGet, commit and runQuery, which say everything that a workflow needs.
import { createHash } from "node:crypto";
import {
  type ConfigProblem,
  type Item,
  isObject,
  type Json,
  type JsonObject,
  type Outputs,
} from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { networkFailure, statusFailure } from "../http/failure.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";
import { fromFields, toFields, toValue } from "./values.ts";

const comparisons = {
  equals: "EQUAL",
  notEquals: "NOT_EQUAL",
  greater: "GREATER_THAN",
  greaterOrEqual: "GREATER_THAN_OR_EQUAL",
  less: "LESS_THAN",
  lessOrEqual: "LESS_THAN_OR_EQUAL",
  in: "IN",
  listContains: "ARRAY_CONTAINS",
} as const;
type Comparison = keyof typeof comparisons;

const schema = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, "must be the id of a project.")
    .describe("Id of the project."),
  database: z.string().min(1).max(63).default("(default)").describe("Name of the database."),
  token: z
    .string()
    .optional()
    .describe("Access token (OAuth) of an account that may use it. An emulator needs none."),
  service: z.string().default("https://firestore.googleapis.com").describe("Address of the service."),
  operation: z
    .enum(["get", "set", "merge", "add", "delete", "query"])
    .describe(
      "set replaces a document, merge changes some of its fields, add makes one with an id of its own.",
    ),
  path: z
    .string()
    .min(1)
    .describe("Document, such as orders/A-7; for add and query a collection, such as orders."),
  data: z
    .record(z.string(), anyValue())
    .optional()
    .describe("set, merge, add: fields of the document. Default: those of the item."),
  where: z
    .array(
      z.strictObject({
        field: z.string().min(1).describe("Field, with dots for inner ones."),
        operator: z
          .enum(Object.keys(comparisons) as [Comparison, ...Comparison[]])
          .default("equals")
          .describe("How it is compared."),
        value: anyValue().describe("With what."),
      }),
    )
    .max(20)
    .default([])
    .describe("query: comparisons that all hold."),
  orderBy: z
    .string()
    .min(1)
    .optional()
    .describe("query: field to sort by; with - in front from the largest."),
  limit: z.int().min(1).max(10_000).default(1000).describe("query: documents at most."),
  into: pathField("get: put the document into this field instead of giving its fields.").optional(),
  timeoutSeconds: z.number().positive().max(600).default(30).describe("Time limit of one call."),
});
type Config = z.output<typeof schema>;

export const firestoreNode = defineNode({
  type: "firestore",
  version: 1,
  name: "Firestore",
  description: "Reads, writes and queries documents of Google Firestore over its REST interface.",
  icon: "database",
  category: "action",
  effect: "idempotent",
  effectOf: ({ operation }) => (operation === "get" || operation === "query" ? "read" : "idempotent"),
  per: "item",
  ports: ["main"],
  concurrency: 5,
  timeoutMs: 660_000,
  errors: nodeErrors(["HTTP_<status>", "FIRESTORE_REPLY"], "outbound"),
  schema,
  example: {
    project: "my-shop",
    token: "{{ $json.token }}",
    operation: "merge",
    path: "orders/{{ $json.number }}",
    data: { state: "sent", sentAt: { $time: "{{ $now.toISO() }}" } },
  },
  checkConfig: (config) => pathProblems(config),
  run,
});

/** Documents stand at an even number of names, collections at an odd one. */
function pathProblems({ path, operation }: JsonObject): ConfigProblem[] {
  if (typeof path !== "string" || path.includes("{{")) return [];
  const parts = path.split("/");
  const wantsCollection = operation === "add" || operation === "query";
  const isSound = parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (isSound && (parts.length % 2 === 1) === wantsCollection) return [];
  const message = `"path" must name a ${wantsCollection ? "collection, such as orders" : "document, such as orders/A-7"}.`;
  return [{ field: "path", code: "FIRESTORE_PATH", message }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const [problem] = pathProblems(config as unknown as JsonObject);
  if (problem) throw wrongParameter("path", `is wrong: ${problem.message}`);
  const item = call.items[0] as Item;
  const root = `projects/${config.project}/databases/${config.database}/documents`;
  const ask = (method: string, body: JsonObject) => post(`${root}${method}`, body, config, call, context);
  const name = `${root}/${config.path}`;
  switch (config.operation) {
    case "get": {
      const [found] = listOf(await ask(":batchGet", { documents: [name] }));
      const json = isObject(found?.found) ? documentOf(found.found) : null;
      if (config.into !== undefined) return { main: { items: [withField(item, config.into, json)] } };
      return { main: { items: json === null ? [] : [{ json }] } };
    }
    case "query": {
      const parts = config.path.split("/");
      const collection = parts.pop() ?? "";
      const parent = parts.length === 0 ? "" : `/${parts.join("/")}`;
      const rows = listOf(await ask(`${parent}:runQuery`, { structuredQuery: queryOf(config, collection) }));
      const found = rows.flatMap((row) => (isObject(row.document) ? [documentOf(row.document)] : []));
      return { main: { items: found.map((json) => ({ json })) } };
    }
    case "delete":
      await ask(":commit", { writes: [{ delete: name }] });
      return { main: { items: [item] } };
    default:
      return write(config, item, call, { name, ask });
  }
}

/** `add` takes its id from the key of the effect: a repeat writes the same document again. */
async function write(
  config: Config,
  item: Item,
  { idempotencyKey }: ActivityCall,
  { name, ask }: { name: string; ask: (method: string, body: JsonObject) => Promise<Json> },
): Promise<Outputs> {
  const data = (config.data ?? (isObject(item.json) ? item.json : {})) as JsonObject;
  const id = createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 20);
  const place = config.operation === "add" ? `${name}/${id}` : name;
  const update = { name: place, fields: toFields(data) as JsonObject };
  const mask =
    config.operation === "merge" ? { updateMask: { fieldPaths: Object.keys(data).map(quoted) } } : {};
  await ask(":commit", { writes: [{ update, ...mask }] });
  return { main: { items: [{ json: { id: place.split("/").at(-1) ?? "", ...data } }] } };
}

/** Names that are more than letters stand in backticks. */
function quoted(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? name
    : `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

function queryOf({ where, orderBy, limit }: Config, collectionId: string): JsonObject {
  const filters = where.map(({ field, operator, value }) => ({
    fieldFilter: {
      field: { fieldPath: field },
      op: comparisons[operator],
      value: toValue(value as Json) as JsonObject,
    },
  }));
  const isDown = orderBy?.startsWith("-") === true;
  return {
    from: [{ collectionId }],
    limit,
    ...(filters.length === 0
      ? {}
      : {
          where:
            filters.length === 1 ? (filters[0] as JsonObject) : { compositeFilter: { op: "AND", filters } },
        }),
    ...(orderBy === undefined
      ? {}
      : {
          orderBy: [
            {
              field: { fieldPath: isDown ? orderBy.slice(1) : orderBy },
              direction: isDown ? "DESCENDING" : "ASCENDING",
            },
          ],
        }),
  };
}

async function post(
  place: string,
  body: JsonObject,
  { service, token, timeoutSeconds }: Config,
  call: ActivityCall,
  context: ActivityContext,
): Promise<Json> {
  const encoded = place
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3A", ":"))
    .join("/");
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  let response: Awaited<ReturnType<ActivityContext["http"]["request"]>>;
  try {
    response = await context.http.request(
      {
        ...{
          method: "POST",
          url: `${service.replace(/\/$/, "")}/v1/${encoded}`,
          headers,
          body: JSON.stringify(body),
        },
        ...{ timeoutMs: timeoutSeconds * 1000, responseBytesMax: 64 * 1024 * 1024, redirectsMax: 0 },
      },
      context.signal,
    );
  } catch (error) {
    throw networkFailure(error, context.signal);
  }
  if (response.status >= 400) throw statusFailure(response, call.nowMs);
  try {
    return JSON.parse(new TextDecoder().decode(response.body)) as Json;
  } catch {
    throw new ActivityError({
      code: "FIRESTORE_REPLY",
      class: "server",
      message: "The reply of Firestore is no JSON.",
      retryable: true,
      certainty: "unknown",
    });
  }
}

function listOf(reply: Json): JsonObject[] {
  return (Array.isArray(reply) ? reply : [reply]).filter(isObject) as JsonObject[];
}

function documentOf(document: Record<string, unknown>): JsonObject {
  return { id: String(document.name).split("/").at(-1) ?? "", ...fromFields(document.fields) };
}
