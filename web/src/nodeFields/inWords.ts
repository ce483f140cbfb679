// The settings of node types in the reader's language: titles, help and choices of each field. The server describes them in
// English; a field that has no words here keeps those.
import type { Schema } from "../builder/types/schema.ts";
import { withExamples } from "../i18n/directions.ts";

type FieldWords = { title?: string; help?: string; choices?: Record<string, string> };
/** By the path of the field: `pages[].title`, `auth|1.token` of a second form, `rules[].when.*` of any name. */
type TypeWords = Record<string, FieldWords>;
export type Words = { choices: Record<string, string>; types: Record<string, TypeWords> };

type Described = { type: string; schema: unknown };

export function settingsInWords<View extends Described>(
  views: readonly View[],
  words: Words | undefined,
): View[] {
  if (!words?.types) return [...views];
  return views.map((view) => {
    const own = words.types[view.type];
    return own ? { ...view, schema: translated(view.schema as Schema, "", own, words.choices) } : view;
  });
}

function translated(schema: Schema, path: string, words: TypeWords, choices: Words["choices"]): Schema {
  const { title, help, choices: own } = words[path] ?? {};
  const within = (one: Schema, step: string) => translated(one, `${path}${step}`, words, choices);
  const forms = (list: Schema[]) => list.map((one, index) => within(one, `|${index}`));
  return {
    ...schema,
    ...(title === undefined ? {} : { title }),
    ...(help === undefined ? {} : { description: withExamples(help) }),
    ...(schema.enum ? { choiceNames: { ...choices, ...own } } : {}),
    ...(schema.properties
      ? {
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([name, one]) => [
              name,
              within(one, path === "" ? name : `.${name}`),
            ]),
          ),
        }
      : {}),
    ...(schema.items ? { items: within(schema.items, "[]") } : {}),
    ...(typeof schema.additionalProperties === "object"
      ? { additionalProperties: within(schema.additionalProperties, ".*") }
      : {}),
    ...(schema.anyOf ? { anyOf: forms(schema.anyOf) } : {}),
    ...(schema.oneOf ? { oneOf: forms(schema.oneOf) } : {}),
  };
}
