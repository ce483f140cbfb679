// Carries out a tool call of the model. What the model did wrong it is told, and may try again within its caps; a
// service in trouble fails the node, so that the engine retries instead of the model inventing an answer.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import type { ActivityCall, ActivityContext, HttpResponse } from "../../defineNode.ts";
import { networkFailure, statusFailure } from "../../http/failure.ts";
import { mistakesOf } from "../../validate/jsonSchema.ts";
import { shorten } from "../failure.ts";
import type { ToolCall } from "../openModel.ts";
import { hide } from "../transport.ts";
import { addressOf, argumentsForm, type Tool } from "./tools.ts";

/** One line of what an agent did, for the result and the history. */
export type Step = { tool: string; arguments: Json; status?: number; mistake?: string; repeated?: true };

export type Toolbox = { use(call: ToolCall): Promise<{ step: Step; content: string }> };

type Settings = { tools: Tool[]; resultCharactersMax: number; timeoutSeconds: number };

const responseBytesMax = 5_000_000;
const redirectsMax = 3;

export function createToolbox(settings: Settings, call: ActivityCall, context: ActivityContext): Toolbox {
  /** Asked once, told as often as the model likes: a loop of equal calls reaches no service. */
  const known = new Map<string, { status: number; content: string }>();
  return { use };

  async function use({ name, arguments: given }: ToolCall): Promise<{ step: Step; content: string }> {
    const tool = settings.tools.find((one) => one.name === name);
    if (!tool) {
      const names = settings.tools.map((one) => one.name).join(", ");
      return wrong(name, shorten(given), `There is no tool "${name}". The tools are: ${names}.`);
    }
    const values = parse(given);
    if (values === undefined) return wrong(name, shorten(given), "The arguments are not a JSON object.");
    const mistakes = mistakesOf(argumentsForm(tool), values, 5).map(({ message }) => message);
    if (mistakes.length > 0) return wrong(name, values, mistakes.join(" "));
    const address = addressOf(tool, values);
    if ("mistake" in address) return wrong(name, values, address.mistake);

    const key = `${name} ${address.url}`;
    const before = known.get(key);
    const { status, content } = before ?? (await get(tool, address.url));
    known.set(key, { status, content });
    return {
      step: { tool: name, arguments: values, status, ...(before ? { repeated: true } : {}) },
      content,
    };
  }

  async function get(tool: Tool, url: string): Promise<{ status: number; content: string }> {
    const headers: Record<string, string> = { accept: "application/json, text/*;q=0.9, */*;q=0.5" };
    for (const [name, value] of Object.entries(tool.headers ?? {})) {
      if (value !== null) headers[name.toLowerCase()] = String(value);
    }
    let response: HttpResponse;
    try {
      response = await context.http.request(
        {
          method: "GET",
          url,
          headers,
          timeoutMs: settings.timeoutSeconds * 1000,
          responseBytesMax,
          redirectsMax,
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
    const text = shown(body, told["content-type"], settings.resultCharactersMax);
    return { status, content: status < 300 ? text : `The service answered ${status}.\n${text}` };
  }
}

function wrong(tool: string, given: Json, mistake: string): { step: Step; content: string } {
  return { step: { tool, arguments: given, mistake }, content: `That call was not made. ${mistake}` };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return isObject(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function shown(text: string, type: string | undefined, charactersMax: number): string {
  if (text === "") return "(no content)";
  if (text.includes("\0")) return `(${type ?? "something"}, no text)`;
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax)}\n(cut: ${charactersMax} of ${text.length} characters)`;
}
