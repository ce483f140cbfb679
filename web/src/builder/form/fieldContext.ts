// What every field of a form needs to know of the node around it.
import { isObject, type Json, type JsonObject, type Problem } from "@auraos/kernel";
import { createContext, use } from "react";
import type { ExpressionContext } from "../code/expressionLanguage.ts";
import type { FieldFocus } from "../state/store.ts";

export type FieldSurroundings = {
  problems: readonly Problem[];
  /** Absent where expressions are not allowed (error handling, settings of the workflow). */
  expressions: ExpressionContext | undefined;
  rawFields: readonly string[];
  focus: FieldFocus | null;
  /** Choices that come from the workflow, by field path. */
  choices: ReadonlyMap<string, readonly { value: string; label: string }[]>;
  /** The config that the field is part of, for those that depend on another field. */
  config?: JsonObject;
  /** A config as it may look: placeholders, and the kind of values that may be any. */
  example: JsonObject;
};

export const FieldContext = createContext<FieldSurroundings>({
  problems: [],
  expressions: undefined,
  rawFields: [],
  focus: null,
  choices: new Map(),
  example: {},
});

export function useSurroundings(): FieldSurroundings {
  return use(FieldContext);
}

export function useExample(path: string): Json | undefined {
  const { example } = useSurroundings();
  let value: Json | undefined = example;
  for (const step of path.split(".")) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) && Object.hasOwn(value, step) ? (value[step] as Json) : undefined;
  }
  return value;
}

/** The problem to say at this field: its own, or (`deep`) that of a part that is shown as one with it. */
export function problemAt(problems: readonly Problem[], path: string, deep: boolean): Problem | undefined {
  return problems.find(({ field }) => field === path || (deep && field?.startsWith(`${path}.`)));
}
