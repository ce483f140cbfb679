// Settings that every AI node has: which server, which model, how long, at what price.
import type { Attached, ConfigProblem, JsonObject, NodeInput } from "@auraos/kernel";
import { credentialField } from "../credentials/credentialField.ts";
import { type ActivityCall, type ActivityContext, ActivityError } from "../defineNode.ts";
import { readConfig, show, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";

export const defaultBaseUrl = "https://api.openai.com/v1";

/** What the nodes write themselves. */
const ownFields = [
  "model",
  "messages",
  "stream",
  "n",
  "tools",
  "tool_choice",
  "response_format",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
];

export const modelFields = {
  model: z
    .string()
    .min(1)
    .optional()
    .describe("Name of the model, as the server knows it. Default: that of the model attached to the node."),
  credential: credentialField(["ai"], "Service to ask: its address and key.").optional(),
  apiKey: z.string().optional().describe("Key instead of a connection. A server of your own may need none."),
  baseUrl: z
    .string()
    .min(1)
    .default(defaultBaseUrl)
    .describe("Address of OpenAI or of any server that speaks its chat completions; usually ends in /v1."),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("0 is steady, higher is more varied. Default: that of the model."),
  maxTokens: z.int().min(1).max(1_000_000).optional().describe("Longest answer, in tokens."),
  timeoutSeconds: z
    .number()
    .positive()
    .max(600)
    .default(120)
    .describe("Time limit of one call of the model."),
  prices: z
    .strictObject({
      inputPerMillion: z.number().min(0).describe("Price of a million tokens read."),
      outputPerMillion: z.number().min(0).describe("Price of a million tokens written."),
    })
    .optional()
    .describe("Prices of the model, in any currency; with them every result tells its cost."),
  extra: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Further fields of the request, such as reasoning_effort or top_p, as the server knows them."),
};

const shared = z.strictObject(modelFields);
type Shared = z.output<typeof shared>;
export type ModelConfig = Shared & { model: string };

/** Where a model can be attached, and memory. */
export const modelInputs: NodeInput[] = [{ name: "main" }, { name: "model", attachment: true }];

/**
 * The config of an AI node. Settings of the attached model count where the node has none of its own; a template that
 * found no key counts as no key.
 */
export function readModelConfig<Schema extends z.ZodType<Shared>>(
  schema: Schema,
  { config, attached = {} }: Pick<ActivityCall, "config" | "attached">,
): z.output<Schema> & { model: string } {
  const { apiKey, ...others } = { ...attached.model?.[0]?.config, ...config };
  const isWithoutKey = apiKey === undefined || apiKey === null || apiKey === "";
  const read = readConfig(schema, isWithoutKey ? others : { ...others, apiKey });
  const { model } = read;
  if (model === undefined) throw wrongParameter("model", "is missing, and no model is attached.");
  checkAddress(read.baseUrl);
  checkKey({ ...read, model });
  const own = ownFields.find((name) => Object.hasOwn(read.extra ?? {}, name));
  if (own !== undefined) throw wrongParameter(`extra.${own}`, "is written by the node itself.");
  return { ...read, model };
}

/** For `defineNode` of each AI node. */
export const modelCredentials = ["ai"];

/** The config with address and key of the connection, where there is one. */
export async function withCredential(config: ModelConfig, context: ActivityContext): Promise<ModelConfig> {
  if (config.credential === undefined) return config;
  const { baseUrl, apiKey } = (await context.credential()).values;
  return { ...config, baseUrl: String(baseUrl), apiKey: String(apiKey) };
}

/** What can be said before anything runs. */
export function modelProblems(config: JsonObject, attached: Attached = {}): ConfigProblem[] {
  const models = attached.model ?? [];
  if (models.length > 1)
    return [
      { field: "model", code: "AI_MODELS", message: "Two models are attached.", remedy: "Keep one of them." },
    ];
  const all = { ...models[0]?.config, ...config };
  const missing = all.model === undefined ? [modelMissing] : [];
  return [...missing, ...keyProblems(all)];
}

const modelMissing: ConfigProblem = {
  field: "model",
  code: "FIELD_MISSING",
  message: "There is no model.",
  remedy: 'Fill in "model", or attach a model to the node.',
};

export function keyProblems(config: JsonObject): ConfigProblem[] {
  if ([config.credential, config.apiKey, config.baseUrl].some((one) => one !== undefined)) return [];
  const { code, message, remedy = "" } = keyMissing().failure;
  return [{ field: "apiKey", code, message, remedy }];
}

function checkAddress(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw wrongParameter("baseUrl", `must be an address with http:// or https://, not ${show(baseUrl)}.`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw wrongParameter("baseUrl", "must have no user, query or fragment.", "The key belongs in apiKey.");
}

/** A key with a line break would be shown by whoever refuses the header, so it is refused here, unseen. */
function checkKey({ credential, apiKey, baseUrl }: ModelConfig): void {
  if (credential !== undefined) return;
  if (apiKey === undefined) {
    if (new URL(baseUrl).host === new URL(defaultBaseUrl).host) throw keyMissing();
    return;
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw wrongParameter(
      "apiKey",
      "has spaces, line breaks or unusual characters.",
      "Copy the key again, without what stands around it.",
    );
}

function keyMissing(): ActivityError {
  return new ActivityError({
    code: "AI_KEY_MISSING",
    class: "auth",
    message: "There is no key for the model.",
    remedy:
      "Choose a connection, give apiKey the key of your OpenAI account, or set baseUrl to another server; one of your own may need no key.",
    certainty: "notDone",
    field: "apiKey",
  });
}
