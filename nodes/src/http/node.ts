// Calls an HTTP service, once per item. What a failure means for the outside world is said in failure.ts, because
// the engine repeats a call only when that is safe.
import type { ConfigProblem, Effect, JsonObject, Outputs } from "@auraos/kernel";
import { httpCredentials } from "../credentials/credentialTypes.ts";
import { type ActivityCall, type ActivityContext, type Confirmation, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig } from "../readConfig.ts";
import { plainValues, secondsField, z } from "../schema.ts";
import { type HttpConfig, httpSchemaFields } from "./config.ts";
import { confirmCall, confirmField } from "./confirm.ts";
import { fetchPages } from "./paging.ts";
import { readReply, replyItems } from "./reply.ts";
import { buildRequest } from "./request.ts";
import { send } from "./send.ts";

const schema = z.strictObject({
  ...httpSchemaFields,
  idempotencyHeader: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Header that carries a key, the same for every attempt, such as Idempotency-Key. Makes POST safe to repeat.",
    ),
  headers: plainValues("Headers to send.").optional(),
  timeoutSeconds: secondsField("Time limit of one call. Default: 60.").max(3600).optional(),
  concurrency: z.int().min(1).max(100).optional().describe("Calls open at the same time. Default: 10."),
  effect: z
    .enum(["read", "idempotent", "once"])
    .optional()
    .describe("May the call be repeated? Default: by method. Set read for a POST that only searches."),
  confirm: confirmField,
});

export const httpNode = defineNode({
  type: "http",
  version: 1,
  name: "HTTP request",
  description:
    "Calls a web service for each item and gives its reply: the fields of a JSON object, one item per list element.",
  icon: "globe",
  category: "action",
  effect: "once",
  per: "item",
  ports: ["main"],
  // One call has a minute of its own; several pages together have this.
  timeoutMs: 300_000,
  rawFields: ["credential"],
  credentials: httpCredentials,
  errors: nodeErrors(
    ["DATA_INVALID", "DATA_MALFORMED", "HTTP_<status>", "PAGES_BOUND"],
    "outbound",
    "connection",
    "blobs",
  ),
  schema,
  example: {
    method: "POST",
    url: "https://shop.example/api/orders",
    headers: { "X-Source": "aura" },
    body: { sku: "{{ $json.sku }}", quantity: "{{ $json.quantity }}" },
    idempotencyHeader: "Idempotency-Key",
    timeoutSeconds: 20,
  },
  effectOf,
  confirms: (config) => config.confirm !== undefined,
  checkConfig: checkPaging,
  run,
  confirm,
});

const byMethod: Record<string, Effect> = {
  GET: "read",
  HEAD: "read",
  OPTIONS: "read",
  PUT: "idempotent",
  DELETE: "idempotent",
};

/** A method that is not known when the workflow is compiled counts as the worst. */
function effectOf(config: JsonObject): Effect {
  if (config.effect === "read" || config.effect === "idempotent" || config.effect === "once")
    return config.effect;
  const natural = byMethod[typeof config.method === "string" ? config.method : "GET"];
  return natural ?? (config.idempotencyHeader === undefined ? "once" : "idempotent");
}

function checkPaging(config: JsonObject): ConfigProblem[] {
  if (config.paging === undefined || effectOf(config) === "read") return [];
  return [
    {
      field: "paging",
      code: "PAGING_EFFECT",
      message: "Several pages can only be fetched by calls that read.",
      remedy: 'Use GET, or set "effect" to "read" if this call changes nothing.',
    },
  ];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config: HttpConfig = readConfig(schema, call.config);
  if (config.paging) return { main: { items: await fetchPages(config, config.paging, call, context) } };

  const request = await buildRequest(config, call, context);
  const response = await send(request, config, call, context);
  const reply = await readReply(response, config, request.method, context);
  return { main: { items: replyItems(reply, config) } };
}

async function confirm(call: ActivityCall, context: ActivityContext): Promise<Confirmation> {
  const config = readConfig(schema, call.config);
  if (config.confirm === undefined) return { outcome: "unknown" };
  return confirmCall(config, config.confirm, call, context);
}
