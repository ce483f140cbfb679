// A model, ready to be asked: the official OpenAI client over the HTTP of the activity, without retries of its own
// (the engine retries), counting what is spent.
import { type Item, isObject, type JsonObject } from "@auraos/kernel";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { type ActivityCall, type ActivityContext, ActivityError } from "../defineNode.ts";
import { networkFailure } from "../http/failure.ts";
import { createSteps, type Steps } from "../steps.ts";
import { cutOff, isStatusError, malformedReply, refusal, statusFailure, withDetail } from "./failure.ts";
import { defaultBaseUrl, type ModelConfig, withCredential } from "./modelFields.ts";
import { createTransport } from "./transport.ts";
import { createMeter, type Usage } from "./usage.ts";

type Request = ChatCompletionCreateParamsNonStreaming;
export type Message = Request["messages"][number];

export type Question = {
  messages: Message[];
  tools?: NonNullable<Request["tools"]>;
  format?: NonNullable<Request["response_format"]>;
  /** Instead of the setting. */
  maxTokens?: number;
};

export type ToolCall = { id: string; name: string; arguments: string };

export type Answer = { text: string; toolCalls: ToolCall[]; finishReason: string; model: string };

export type Model = { ask(question: Question): Promise<Answer>; usage(): Usage };

/** Runs `work` with a model; a failure tells what was spent before it. */
export async function withModel<Result>(
  config: ModelConfig,
  call: ActivityCall,
  context: ActivityContext,
  work: (model: Model, steps: Steps) => Promise<Result>,
): Promise<Result> {
  const steps = createSteps(call, context);
  const model = await openModel(config, call, context, steps);
  try {
    return await work(model, steps);
  } catch (error) {
    if (!(error instanceof ActivityError) || model.usage().calls === 0) throw error;
    throw withDetail(error, { usage: { ...model.usage() } });
  }
}

/** The item of an AI node: its own fields, and what every result tells. */
export function answerItem(fields: JsonObject, answer: Answer, model: Model): Item {
  const { finishReason } = answer;
  return { json: { ...fields, usage: { ...model.usage() }, model: answer.model, finishReason } };
}

async function openModel(
  given: ModelConfig,
  call: ActivityCall,
  context: ActivityContext,
  steps: Steps,
): Promise<Model> {
  const config = await withCredential(given, context);
  // Half a second to load and 30 MB to keep: only for those who use it.
  const { OpenAI } = await import("openai");
  const transport = createTransport(config, context);
  const meter = createMeter(config.prices);
  // What is not given here the client would take from the environment of the process, which is none of the workflow's.
  const client = new OpenAI({
    // Without a key no such header is sent; the client only wants to be given something.
    apiKey: config.apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: config.baseUrl,
    defaultHeaders: config.apiKey === undefined ? { authorization: null } : {},
    fetch: transport.fetch,
    maxRetries: 0,
    // The HTTP client keeps the time; this is never reached.
    timeout: config.timeoutSeconds * 1000 + 60_000,
    logLevel: "off",
  });
  let asked = 0;
  return { ask, usage: () => meter.read() };

  /** An answer that an earlier attempt has recorded is not asked for again, and counts as it counted then. */
  async function ask(question: Question): Promise<Answer> {
    asked += 1;
    const name = `model/${asked}`;
    const isKnown = steps.has(name);
    const { answer, usage } = await steps
      .do(name, async () => {
        const told = await fetchAnswer(question);
        return { value: told as unknown as JsonObject, usage: told.usage };
      })
      .then((value) => value as unknown as { answer: Answer; usage: Usage });
    if (isKnown) meter.count(usage);
    context.log("a model answered", { model: answer.model, ...meter.read() });
    return answer;
  }

  async function fetchAnswer(question: Question): Promise<{ answer: Answer; usage: Usage }> {
    const request = requestOf(config, question);
    let reply: unknown;
    try {
      reply = await client.chat.completions.create(request);
    } catch (error) {
      throw failureOf(error);
    }
    const usage =
      isObject(reply) && Array.isArray(reply.choices)
        ? meter.add(reply.usage, JSON.stringify(request.messages), JSON.stringify(reply.choices))
        : meter.none;
    return { answer: readAnswer(reply, config), usage };
  }

  function failureOf(error: unknown): unknown {
    if (transport.thrown() !== undefined) return networkFailure(transport.thrown(), context.signal);
    if (isStatusError(error)) return statusFailure(error, config, call.nowMs);
    if (error instanceof SyntaxError) return malformedReply("it is not JSON.");
    return error;
  }
}

function requestOf(config: ModelConfig, { messages, tools, format, maxTokens }: Question): Request {
  const bound = maxTokens ?? config.maxTokens;
  // The newer name is the only one that OpenAI's thinking models take, the older the one that all others know.
  const isOpenAi = new URL(config.baseUrl).host === new URL(defaultBaseUrl).host;
  return {
    ...config.extra,
    model: config.model,
    messages,
    ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
    ...(bound === undefined ? {} : { [isOpenAi ? "max_completion_tokens" : "max_tokens"]: bound }),
    ...(tools === undefined || tools.length === 0 ? {} : { tools }),
    ...(format === undefined ? {} : { response_format: format }),
  };
}

function readAnswer(reply: unknown, config: ModelConfig): Answer {
  if (!isObject(reply)) throw malformedReply("it is not a JSON object.", reply);
  const choice = Array.isArray(reply.choices) ? (reply.choices[0] as unknown) : undefined;
  if (!isObject(choice) || !isObject(choice.message)) throw malformedReply("it has no message.", reply);
  const { message } = choice;
  const finishReason = typeof choice.finish_reason === "string" ? choice.finish_reason : "unknown";
  if (typeof message.refusal === "string" && message.refusal !== "") throw refusal(message.refusal);
  if (finishReason === "content_filter") throw refusal("its content filter stopped the answer.");
  const toolCalls = readToolCalls(message.tool_calls);
  const text = textOf(message.content);
  if (toolCalls.length === 0 && !text && finishReason === "length") throw cutOff(config);
  if (toolCalls.length === 0 && text === undefined) throw malformedReply("the message has no content.");
  const model = typeof reply.model === "string" ? reply.model : config.model;
  return { text: text ?? "", toolCalls, finishReason, model };
}

function readToolCalls(given: unknown): ToolCall[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw malformedReply("tool_calls is no list.");
  return given.map((one: unknown) => {
    const what = isObject(one) ? one.function : undefined;
    if (!isObject(one) || !isObject(what) || typeof one.id !== "string" || typeof what.name !== "string")
      throw malformedReply("a tool call has no id or no function.");
    const { arguments: given = "{}" } = what;
    return {
      id: one.id,
      name: what.name,
      // Text by the protocol; some servers send the object itself.
      arguments: typeof given === "string" ? given : JSON.stringify(given),
    };
  });
}

/** Text, or a list of parts of which some are text. */
function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.filter(isObject).map((part) => part.text);
  return texts.filter((text) => typeof text === "string").join("");
}
