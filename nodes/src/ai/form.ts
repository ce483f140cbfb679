// The form (JSON Schema) that an answer of a model must have. What comes is checked here, whatever the server promised.
import type { Json, JsonObject } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { z } from "../schema.ts";
import { mistakesOf } from "../validate/jsonSchema.ts";
import { shorten } from "./failure.ts";
import type { Message, Question } from "./openModel.ts";

export const formatField = z
  .enum(["schema", "strict", "json", "text"])
  .default("schema")
  .describe(
    "How the form is asked for: by schema, by strict schema (every field required), as JSON, or in words only. The answer is checked in any case.",
  );

export type Form = { name: string; schema: JsonObject; format: z.output<typeof formatField> };

export type Checked = { data: Json; mistakes: string[] };

export function checkAnswer({ schema }: Form, text: string): Checked {
  let data: Json;
  try {
    data = JSON.parse(withoutFence(text)) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { data: null, mistakes: [`The answer is not JSON: ${why}.`] };
  }
  return { data, mistakes: mistakesOf(schema, data, 10).map(({ message }) => message) };
}

/** What the model is told of an answer that does not fit. */
export function askAgain(text: string, mistakes: readonly string[]): Message[] {
  const content = `That does not fit. ${mistakes.join(" ")} Answer again, with the JSON only.`;
  return [
    { role: "assistant", content: text },
    { role: "user", content },
  ];
}

/** `repairs`: how often it was asked again. */
export function answerInvalid(text: string, mistakes: string[], repairs: number): ActivityError {
  const tries = repairs === 0 ? "" : `, also after ${repairs === 1 ? "a second try" : `${repairs} repairs`}`;
  return new ActivityError({
    code: "AI_ANSWER_INVALID",
    class: "data",
    message: `The model's answer has not the right form${tries}. ${mistakes.slice(0, 3).join(" ")}`,
    remedy: "Describe the fields in the schema, make it simpler, or use a stronger model.",
    retryable: true,
    certainty: "notDone",
    detail: { mistakes, answer: shorten(text) },
  });
}

export function formatOf({ name, schema, format }: Form): Question["format"] {
  if (format === "text") return undefined;
  if (format === "json") return { type: "json_object" };
  return { type: "json_schema", json_schema: { name, schema, strict: format === "strict" } };
}

/** Instructions with the form in words: servers that hold a model to a schema do not always show it the schema. */
export function withForm(instructions: string | undefined, { schema, format }: Form): string | undefined {
  if (format === "strict") return instructions;
  const words = `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
  return instructions === undefined ? words : `${instructions}\n\n${words}`;
}

/** Models like to put JSON in a fenced block; nothing else around it is accepted. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i.exec(text)?.[1] ?? text;
}
