// Tools that are attached to an agent, as it uses them.
//
//   repeat  read   asked again after a crash, should its result not be recorded
//           keyed  made again with the same key, which changes nothing more
//           once   its intent is recorded first; without an outcome a person decides
import { type Effect, type Item, isObject, type Json, type JsonObject } from "@auraos/kernel";
import {
  type ActivityCall,
  type ActivityContext,
  ActivityError,
  type HttpResponse,
  type NodeModule,
} from "../../defineNode.ts";
import { networkFailure, statusFailure } from "../../http/failure.ts";
import { readConfig, wrongParameter } from "../../readConfig.ts";
import { fillIn, needsApproval } from "../tool/fields.ts";
import { httpToolSchema } from "../tool/http/node.ts";
import { nodeToolSchema } from "../tool/node/node.ts";
import { workflowToolSchema } from "../tool/workflow/node.ts";
import { hide } from "../transport.ts";
import { addressOf, argumentsForm, type Tool } from "./tools.ts";

export type Used = { status?: number; content: string };

export type AgentTool = {
  name: string;
  description: string;
  form: JsonObject;
  repeat: "read" | "keyed" | "once";
  needsApproval(values: JsonObject): boolean;
  /** What the model did wrong, found without calling anything. */
  mistake(values: JsonObject): string | undefined;
  /** Calls that are the same are made once; undefined = each is made. */
  sameAs(values: JsonObject): string | undefined;
  use(values: JsonObject, key: string): Promise<Used>;
};

type Surroundings = {
  call: ActivityCall;
  context: ActivityContext;
  charactersMax: number;
  timeoutMs: number;
  nodeType(type: string): NodeModule | undefined;
};

const responseBytesMax = 5_000_000;
const redirectsMax = 3;

/** Of the settings of the agent itself: HTTP GET, never asked about. */
export function getTool(tool: Tool, around: Surroundings): AgentTool {
  return httpTool({ ...tool, method: "GET", approval: "never" }, around);
}

export function attachedTool(
  node: { type: string; config: JsonObject; name: string },
  around: Surroundings,
): AgentTool {
  if (node.type === "ai.tool.http") return httpTool(readConfig(httpToolSchema, node.config), around);
  if (node.type === "ai.tool.workflow")
    return workflowTool(readConfig(workflowToolSchema, node.config), around);
  if (node.type === "ai.tool.node") return nodeTool(readConfig(nodeToolSchema, node.config), around);
  throw wrongParameter("tool", `"${node.name}" is no tool.`);
}

/** Does anything attached change the world? A setting that is not known yet counts as the worst it could be. */
export function changesSomething(
  attached: Json | undefined,
  nodeType: (type: string) => NodeModule | undefined,
): boolean {
  const tools = isObject(attached) && Array.isArray(attached.tool) ? attached.tool : [];
  return tools.some((tool) => {
    if (!isObject(tool) || !isObject(tool.config)) return true;
    if (tool.type === "ai.tool.http") return (tool.config.method ?? "GET") !== "GET";
    if (tool.type !== "ai.tool.node") return true;
    return effectOf(nodeType(String(tool.config.type)), (tool.config.config ?? {}) as JsonObject) !== "read";
  });
}

function effectOf(module: NodeModule | undefined, config: JsonObject): Effect {
  if (!module) return "once";
  const effect = module.effectOf?.(config) ?? module.effect;
  return effect === "pure" ? "read" : effect;
}

type HttpTool = Tool & {
  method: string;
  approval: "never" | "always" | "when";
  approvalWhen?: Parameters<typeof needsApproval>[0]["approvalWhen"];
  idempotencyHeader?: string | undefined;
};

function httpTool(tool: HttpTool, { call, context, charactersMax, timeoutMs }: Surroundings): AgentTool {
  const isGet = tool.method === "GET";
  const repeat = isGet ? "read" : tool.idempotencyHeader === undefined ? "once" : "keyed";
  return {
    name: tool.name,
    description: tool.description,
    form: argumentsForm(tool),
    repeat,
    needsApproval: (values) => needsApproval(tool, values),
    mistake(values) {
      const address = addressOf(tool, values);
      return "mistake" in address ? address.mistake : undefined;
    },
    sameAs(values) {
      const address = addressOf(tool, values);
      return isGet && "url" in address ? `${tool.name} ${address.url}` : undefined;
    },
    use,
  };

  async function use(values: JsonObject, key: string): Promise<Used> {
    const address = addressOf(tool, values, { restInQuery: isGet });
    if ("mistake" in address) throw wrongParameter("url", address.mistake);
    const headers: Record<string, string> = { accept: "application/json, text/*;q=0.9, */*;q=0.5" };
    for (const [name, value] of Object.entries(tool.headers ?? {})) {
      if (value !== null) headers[name.toLowerCase()] = String(value);
    }
    const hasBody = !isGet && Object.keys(address.rest).length > 0;
    if (hasBody) headers["content-type"] = "application/json";
    if (tool.idempotencyHeader !== undefined) headers[tool.idempotencyHeader.toLowerCase()] = key;
    let response: HttpResponse;
    try {
      response = await context.http.request(
        {
          ...{ method: tool.method, url: address.url, headers, timeoutMs, responseBytesMax },
          redirectsMax: isGet ? redirectsMax : 0,
          ...(hasBody ? { body: JSON.stringify(address.rest) } : {}),
        },
        context.signal,
      );
    } catch (error) {
      throw networkFailure(error, context.signal);
    }
    // Services repeat what they were sent; the sign-in must reach neither the model nor a failure.
    const clear = hide(Object.values(tool.headers ?? {}).map(String));
    const { status, headers: told } = response;
    const body = clear(new TextDecoder().decode(response.body));
    if (status >= 500 || status === 429 || status === 408)
      throw statusFailure({ ...response, body: Buffer.from(body) }, call.nowMs);
    const text = shown(body, told["content-type"], charactersMax);
    return { status, content: status < 300 ? text : `The service answered ${status}.\n${text}` };
  }
}

function workflowTool(
  tool: ReturnType<typeof workflowToolSchema.parse>,
  { context, charactersMax }: Surroundings,
): AgentTool {
  return {
    name: tool.name,
    description: tool.description,
    form: argumentsForm(tool),
    repeat: "keyed",
    needsApproval: (values) => needsApproval(tool, values),
    mistake: () => undefined,
    sameAs: () => undefined,
    async use(values, key) {
      const ended = await context.runWorkflow(tool.workflow, values, {
        key,
        waitMs: tool.waitSeconds * 1000,
      });
      if ("output" in ended)
        return { content: shown(JSON.stringify(ended.output), undefined, charactersMax) };
      return { content: `The workflow failed: ${ended.failure.message}` };
    },
  };
}

function nodeTool(tool: ReturnType<typeof nodeToolSchema.parse>, around: Surroundings): AgentTool {
  const { call, context, charactersMax, nodeType } = around;
  const module = nodeType(tool.type);
  if (
    !module ||
    module.structure !== undefined ||
    (module.lazyFields?.length ?? 0) > 0 ||
    tool.type.startsWith("ai.")
  )
    throw wrongParameter(
      "tool",
      `"${tool.name}" names "${tool.type}", which is no node that an agent can run.`,
    );
  // What comes back would reach the model and the history with whatever secret the service repeats.
  if (tool.config.credential !== undefined)
    throw wrongParameter(
      "tool",
      `"${tool.name}" names a connection, which tools cannot use yet.`,
      "Use a workflow as the tool.",
    );
  const effect = effectOf(module, tool.config as JsonObject);
  return {
    name: tool.name,
    description: tool.description,
    form: argumentsForm(tool),
    repeat: effect === "once" ? "once" : effect === "read" ? "read" : "keyed",
    needsApproval: (values) => needsApproval(tool, values),
    mistake: () => undefined,
    sameAs: () => undefined,
    async use(values, key) {
      const config = fillIn(tool.config, values) as JsonObject;
      const items: Item[] = [{ json: values }];
      const { nowMs, seed, zone } = call;
      const common = {
        config,
        items,
        inputs: { main: items },
        index: 0,
        nowMs,
        seed: `${seed}/${key}`,
        zone,
      };
      const outputs = module.run
        ? await module.run({ ...common, attempt: 1, idempotencyKey: key }, withoutSteps(context))
        : module.evaluate?.({ ...common, at: () => undefined });
      const [first, ...others] = Object.entries(outputs ?? {}).map(([port, { items: list }]) => [
        port,
        list.map(({ json }) => json),
      ]);
      const told =
        others.length === 0
          ? (first?.[1] ?? [])
          : Object.fromEntries([first ?? [], ...others] as [string, Json][]);
      return { content: shown(JSON.stringify(told), undefined, charactersMax) };
    },
  };
}

function shown(text: string, type: string | undefined, charactersMax: number): string {
  if (text === "") return "(no content)";
  if (text.includes("\0")) return `(${type ?? "something"}, no text)`;
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax)}\n(cut: ${charactersMax} of ${text.length} characters)`;
}

/** Was it certainly not done? Then it may be tried once more; everything else of a `once` tool is for a person. */
export function isCertainlyNotDone(error: unknown): boolean {
  return error instanceof ActivityError && error.failure.certainty === "notDone";
}

/** The steps of the activity are those of the agent; what a tool did is recorded as one of them. */
function withoutSteps(context: ActivityContext): ActivityContext {
  return Object.create(context, { record: { value: async () => {} } }) as ActivityContext;
}
