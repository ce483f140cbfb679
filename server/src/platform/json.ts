// Documents from outside: parsed by their declared type, then checked before anything else looks at them.
//   - no `__proto__` key: it has no meaning in data, and somewhere some code would merge it
//   - nesting at most 64 levels: deeper ones parse, but break whoever walks or writes them
//   - in definitions: no \u0000 and no lone surrogates, which a database text cannot hold
import type { Problem } from "@auraos/kernel";
import { parseDocument } from "yaml";
import { type Refusal, refuse } from "./errors.ts";
import { jsonErrorPosition } from "./jsonPosition.ts";

export const DEPTH_MAX = 64;
/** Reading YAML costs about 50 times what JSON costs. */
const YAML_BYTES_MAX = 2 * 1024 * 1024;

export function parseJson(text: string): unknown {
  try {
    // A byte order mark is no part of the document.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = jsonErrorPosition(text);
    const found =
      position >= text.length ? "the text ends too early" : `unexpected ${JSON.stringify(text[position])}`;
    throw unreadable("JSON_INVALID", "JSON", text, position, found);
  }
}

export function parseYaml(text: string): unknown {
  if (text.length > YAML_BYTES_MAX)
    throw refuse(413, "TOO_LARGE", "YAML documents may have at most 2 MB.", "Send JSON instead.");
  try {
    const document = parseDocument(text, {
      logLevel: "silent",
      prettyErrors: false,
    } as const);
    const [error] = document.errors;
    if (error) throw unreadable("YAML_INVALID", "YAML", text, error.pos[0], error.message);
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep("");
    if (error instanceof ReferenceError)
      throw refuse(400, "YAML_INVALID", "The YAML repeats its aliases too often.", "Write the values out.");
    throw error;
  }
}

/** Throws when `value` must not come in. `strictText` also looks at every text. */
export function checkDocument(value: unknown, options: { strictText?: boolean } = {}): void {
  visit(value, 0, [], options.strictText === true);
}

function visit(value: unknown, depth: number, path: (string | number)[], strictText: boolean): void {
  if (typeof value === "string") {
    if (strictText) checkText(value, path);
    return;
  }
  if (typeof value === "number") {
    // Only YAML can say .inf and .nan.
    if (!Number.isFinite(value)) throw badNumber(path);
    return;
  }
  if (typeof value !== "object" || value === null) {
    if (typeof value === "bigint" || value === undefined) throw badNumber(path);
    return;
  }
  if (depth >= DEPTH_MAX) throw tooDeep(pointer(path));
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      path.push(index);
      visit(value[index], depth + 1, path, strictText);
      path.pop();
    }
    return;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    path.push(key);
    if (key === "__proto__") throw badKey(path);
    if (strictText) checkText(key, path);
    visit(object[key], depth + 1, path, strictText);
    path.pop();
  }
}

function checkText(text: string, path: (string | number)[]): void {
  if (text.isWellFormed() && !text.includes("\u0000")) return;
  throw located(
    422,
    "TEXT_INVALID",
    "A text holds \\u0000 or half of a surrogate pair.",
    "Remove that character.",
    path,
  );
}

function badKey(path: (string | number)[]): Refusal {
  return located(400, "KEY_FORBIDDEN", "A key is named __proto__.", "Rename the key.", path);
}

function badNumber(path: (string | number)[]): Refusal {
  return located(
    400,
    "NUMBER_INVALID",
    "A value is not a JSON value.",
    "Use finite numbers, text, lists, objects.",
    path,
  );
}

function tooDeep(path: string): Refusal {
  const message = `The document is nested deeper than ${DEPTH_MAX} levels.`;
  const remedy = "Flatten it, or send the deep part as text.";
  const problem: Problem = { code: "TOO_DEEP", message, remedy, path };
  return refuse(400, "TOO_DEEP", message, remedy, { problems: [problem] });
}

function located(
  status: number,
  code: string,
  message: string,
  remedy: string,
  path: (string | number)[],
): Refusal {
  return refuse(status, code, message, remedy, {
    problems: [{ code, message, remedy, path: pointer(path) }],
  });
}

function unreadable(code: string, kind: string, text: string, position: number, reason: string): Refusal {
  const before = text.slice(0, position).split("\n");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const message = `The body is not ${kind}: line ${line}, column ${column}: ${reason}`;
  const remedy = `Correct the ${kind}, or declare another content type.`;
  return refuse(400, code, message, remedy, { problems: [{ code, message, remedy, path: "", position }] });
}

/** JSON Pointer; keys cut short, because they may be hostile. */
function pointer(path: readonly (string | number)[]): string {
  return path
    .map(
      (step) => `/${String(step).slice(0, 100).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")}`,
    )
    .join("");
}
