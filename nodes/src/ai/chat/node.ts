// Asks a model a question, or goes on with a conversation.
import type { Attached, ConfigProblem, Json, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { wrongParameter } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { askInForm } from "../askForData.ts";
import { withForm } from "../form.ts";
import { openMemory } from "../memory/memory.ts";
import { modelErrors } from "../modelErrors.ts";
import {
  type ModelConfig,
  modelCredentials,
  modelFields,
  modelInputs,
  modelProblems,
  readModelConfig,
} from "../modelFields.ts";
import { type Answer, answerItem, type Message, type Model, withModel } from "../openModel.ts";
import { openParser, type Parser, parserProblems } from "../outputParser/parser.ts";

const message = z.strictObject({
  role: z.enum(["system", "user", "assistant"]).describe("Who said it."),
  content: z.string().describe("What was said."),
});

const schema = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .optional()
    .describe("Question or task; comes after the messages, if there are any."),
  system: z.string().min(1).optional().describe("Instructions: who the model is and how it answers."),
  messages: z
    .array(message)
    .max(1000)
    .optional()
    .describe("The conversation so far, oldest first; usually a template that gives the list."),
  ...modelFields,
});

export const aiChat = defineNode({
  type: "ai.chat",
  version: 1,
  name: "AI chat",
  description:
    "Asks a language model (OpenAI or any compatible server) and gives its answer as text, with the tokens it took.",
  icon: "message-square",
  category: "action",
  effect: "read",
  per: "item",
  inputs: [...modelInputs, { name: "memory", attachment: true }, { name: "outputParser", attachment: true }],
  ports: ["main"],
  concurrency: 4,
  timeoutMs: 660_000,
  rawFields: ["credential"],
  credentials: modelCredentials,
  errors: nodeErrors(
    [...modelErrors, "SCHEMA_INVALID", "AI_ANSWER_INVALID"],
    "outbound",
    "connection",
    "tables",
  ),
  schema,
  example: {
    model: "gpt-4.1-mini",
    credential: "OpenAI",
    system: "You answer letters of customers, kindly and in two sentences.",
    prompt: "{{ $json.letter }}",
    maxTokens: 300,
    prices: { inputPerMillion: 0.4, outputPerMillion: 1.6 },
  },
  checkConfig: checkChat,
  run,
});

function checkChat(config: JsonObject, attached?: Attached): ConfigProblem[] {
  const problems = [...modelProblems(config, attached), ...parserProblems(attached)];
  if (config.prompt !== undefined || config.messages !== undefined) return problems;
  return [
    ...problems,
    { field: "prompt", code: "FIELD_MISSING", message: 'A chat needs "prompt" or "messages".' },
  ];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readModelConfig(schema, call);
  const parser = openParser(call);
  const messages = messagesOf(config, parser);
  return withModel(config, call, context, async (model, steps) => {
    const memory = openMemory(call, context, steps);
    // Behind the instructions, before what is said now.
    messages.splice(messages[0]?.role === "system" ? 1 : 0, 0, ...((await memory?.recall()) ?? []));
    const { answer, ...told } = await ask(model, config, messages, parser);
    if (config.prompt !== undefined) await memory?.keep({ prompt: config.prompt, answer: answer.text });
    return { main: { items: [answerItem({ text: answer.text, ...told }, answer, model)] } };
  });
}

async function ask(
  model: Model,
  config: ModelConfig,
  messages: Message[],
  parser: Parser | undefined,
): Promise<{ answer: Answer; data?: Json; repaired?: boolean }> {
  return parser === undefined
    ? { answer: await model.ask({ messages }) }
    : askInForm(model, config, { ...parser, messages });
}

function messagesOf(config: z.output<typeof schema>, parser: Parser | undefined): Message[] {
  const { messages = [], prompt } = config;
  // The conversation may bring its own instructions; the form is told in them, because many models know only one.
  const isTold = config.system === undefined && messages[0]?.role === "system";
  const said = isTold ? messages.slice(1) : messages;
  const own = isTold ? messages[0]?.content : config.system;
  const system = parser === undefined ? own : withForm(own, parser.form);
  const all: Message[] = [
    ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
    ...said,
    ...(prompt === undefined ? [] : [{ role: "user" as const, content: prompt }]),
  ];
  if (!all.some(({ role }) => role === "user"))
    throw wrongParameter("prompt", "is missing, and no message is the user's.");
  return all;
}
