// Asks a model for data of a form (JSON Schema). What it answers is checked here, whatever the server promised; an
// answer that does not fit goes back once with its mistakes.
import type { Json, JsonObject } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { z } from "../schema.ts";
import { mistakesOf } from "../validate/jsonSchema.ts";
import { cutOff, shorten } from "./failure.ts";
import type { ModelConfig } from "./modelFields.ts";
import type { Answer, Message, Model, Question } from "./openModel.ts";

export const formatField = z
  .enum(["schema", "strict", "json", "text"])
  .default("schema")
  .describe(
    "How the form is asked for: by schema, by strict schema (every field required), as JSON, or in words only. The answer is checked in any case.",
  );

export type Form = { name: string; schema: JsonObject; format: z.output<typeof formatField> };

export async function askForData(
  model: Model,
  config: ModelConfig,
  form: Form,
  { instructions, text }: { instructions: string; text: string },
): Promise<{ data: Json; answer: Answer; repaired: boolean }> {
  // One system message, because the templates of many models know no second.
  const asked: Message[] = [
    {
      role: "system",
      content: form.format === "strict" ? instructions : `${instructions}\n\n${inWords(form)}`,
    },
    { role: "user", content: text },
  ];
  const format = formatOf(form);
  const first = await ask(asked);
  if (first.mistakes.length === 0) return { ...first, repaired: false };

  const second = await ask([
    ...asked,
    { role: "assistant", content: first.answer.text },
    {
      role: "user",
      content: `That does not fit. ${first.mistakes.join(" ")} Answer again, with the JSON only.`,
    },
  ]);
  if (second.mistakes.length === 0) return { ...second, repaired: true };
  throw new ActivityError({
    code: "AI_ANSWER_INVALID",
    class: "data",
    message: `The model's answer has not the right form, also after a second try. ${second.mistakes.slice(0, 3).join(" ")}`,
    remedy: "Describe the fields in the schema, make it simpler, or use a stronger model.",
    retryable: true,
    certainty: "notDone",
    detail: { mistakes: second.mistakes, answer: shorten(second.answer.text) },
  });

  async function ask(messages: Message[]): Promise<{ data: Json; answer: Answer; mistakes: string[] }> {
    const answer = await model.ask({ messages, ...(format ? { format } : {}) });
    if (answer.finishReason === "length") throw cutOff(config);
    return { answer, ...check(form.schema, answer.text) };
  }
}

function check(schema: JsonObject, text: string): { data: Json; mistakes: string[] } {
  let data: Json;
  try {
    data = JSON.parse(withoutFence(text)) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { data: null, mistakes: [`The answer is not JSON: ${why}.`] };
  }
  return { data, mistakes: mistakesOf(schema, data, 10).map(({ message }) => message) };
}

/** Models like to put JSON in a fenced block; nothing else around it is accepted. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i.exec(text)?.[1] ?? text;
}

function formatOf({ name, schema, format }: Form): Question["format"] {
  if (format === "text") return undefined;
  if (format === "json") return { type: "json_object" };
  return { type: "json_schema", json_schema: { name, schema, strict: format === "strict" } };
}

/** Servers that hold a model to a schema do not always show it the schema. */
function inWords({ schema }: Form): string {
  return `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
}
