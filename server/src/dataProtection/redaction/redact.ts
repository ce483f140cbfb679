// Takes hidden fields out of what is shown. Two ways together:
//   by path   a field that a rule names is replaced where items are shown
//   by value  what such a field holds is replaced wherever else it stands: in messages, copies under another name, texts
// The originals are never touched: what comes out is a copy where something was replaced, and the same object elsewhere.

import type { Json } from "@auraos/kernel";
import {
  type Cursor,
  isOver,
  matched,
  type Path,
  parsePath,
  start,
  step,
} from "../../platform/fieldPaths.ts";
import { mapFields, mapList } from "../../platform/mapJson.ts";

export type Rule = { path: string; mode: "hide" | "mask" };

export const HIDDEN = "[hidden]";
/** Shorter values stand in too many other places by chance. */
const VALUE_LENGTH_MIN = 4;
/** Values looked for everywhere; of more, only whole texts are compared. */
const VALUES_SEARCHED_MAX = 2_000;

export type Redactor = {
  /** An item, or what was made of items. Notes the values it hides. */
  data(value: Json): Json;
  /** Anything else: values that were hidden before are taken out of texts. */
  rest(value: Json): Json;
  /** How many fields were hidden. */
  count(): number;
};

export function createRedactor(rules: readonly Rule[]): Redactor {
  const paths = rules.map(({ path }) => parsePath(path));
  const values = new Map<string, string>();
  let hidden = 0;
  let pattern: RegExp | undefined;
  let known = -1;
  return { data: (value) => rest(hide(value, paths, start(paths))), rest, count: () => hidden };

  function hide(value: Json, all: readonly Path[], cursor: Cursor): Json {
    const rule = rules[matched(all, cursor)];
    if (rule) return replaced(value, rule.mode);
    if (value === null || typeof value !== "object" || isOver(cursor)) return value;
    if (Array.isArray(value)) return mapList<Json>(value, (one) => hide(one, all, cursor)) as Json;
    return mapFields<Json>(value, (one, name) => hide(one, all, step(all, cursor, name))) as Json;
  }

  function replaced(value: Json, mode: Rule["mode"]): Json {
    if (value === null) return null;
    hidden += 1;
    if (typeof value === "object") {
      for (const one of Object.values(value)) if (one !== null) replaced(one as Json, mode);
      return HIDDEN;
    }
    const text = String(value);
    const shown = mode === "mask" ? masked(text) : HIDDEN;
    if (text.length >= VALUE_LENGTH_MIN && typeof value !== "boolean") values.set(text, shown);
    return shown;
  }

  function rest(value: Json): Json {
    if (values.size === 0) return value;
    if (known !== values.size) {
      known = values.size;
      pattern =
        values.size <= VALUES_SEARCHED_MAX
          ? new RegExp(
              [...values.keys()]
                .sort((a, b) => b.length - a.length)
                .map(escaped)
                .join("|"),
              "g",
            )
          : undefined;
    }
    return clean(value);
  }

  function clean(value: Json): Json {
    if (typeof value === "string")
      return pattern
        ? value.replace(pattern, (text) => values.get(text) ?? HIDDEN)
        : (values.get(value) ?? value);
    if (typeof value === "number") return values.get(String(value)) ?? value;
    if (value === null || typeof value !== "object") return value;
    return (Array.isArray(value) ? mapList<Json>(value, clean) : mapFields<Json>(value, clean)) as Json;
  }
}

/** The last four signs of a text that is long enough to hide something before them. */
function masked(text: string): string {
  return text.length >= 8 ? `••••${text.slice(-4)}` : "••••";
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
