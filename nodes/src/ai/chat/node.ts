// Asks a model a question, or goes on with a conversation.
import type { Attached, ConfigProblem, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { wrongParameter } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { openMemory } from "../memory/memory.ts";
import {
  modelCredentials,
  modelFields,
  modelInputs,
  modelProblems,
  readModelConfig,
} from "../modelFields.ts";
import { answerItem, type Message, withModel } from "../openModel.ts";

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
  inputs: [...modelInputs, { name: "memory", attachment: true }],
  ports: ["main"],
  concurrency: 4,
  timeoutMs: 660_000,
  rawFields: ["credential"],
  credentials: modelCredentials,
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
  const problems = modelProblems(config, attached);
  if (config.prompt !== undefined || config.messages !== undefined) return problems;
  return [
    ...problems,
    { field: "prompt", code: "FIELD_MISSING", message: 'A chat needs "prompt" or "messages".' },
  ];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readModelConfig(schema, call);
  const messages = messagesOf(config);
  return withModel(config, call, context, async (model, steps) => {
    const memory = openMemory(call, context, steps);
    // Behind the instructions, before what is said now.
    messages.splice(config.system === undefined ? 0 : 1, 0, ...((await memory?.recall()) ?? []));
    const answer = await model.ask({ messages });
    if (config.prompt !== undefined) await memory?.keep({ prompt: config.prompt, answer: answer.text });
    return { main: { items: [answerItem({ text: answer.text }, answer, model)] } };
  });
}

function messagesOf({ system, messages = [], prompt }: z.output<typeof schema>): Message[] {
  const all: Message[] = [
    ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
    ...messages,
    ...(prompt === undefined ? [] : [{ role: "user" as const, content: prompt }]),
  ];
  if (!all.some(({ role }) => role === "user"))
    throw wrongParameter("prompt", "is missing, and no message is the user's.");
  return all;
}
