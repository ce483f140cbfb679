// Runs code of the workflow's author over all items, in the sandbox: no network, no files, recorded time and chance.
// So it has no effect outside and may be repeated.
import { type FileRef, type Item, isObject, type Json, type Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  code: z
    .string()
    .min(1)
    .describe("Body of a function; $items holds the items. Return an object, or a list for several items.")
    .meta({ format: "code" }),
  language: z.enum(["javascript", "typescript"]).default("javascript").describe("Language of the code."),
});

export const codeNode = defineNode({
  type: "code",
  version: 1,
  name: "Code",
  description: "Runs JavaScript or TypeScript over all items in a sandbox without network and files.",
  icon: "code",
  category: "transform",
  effect: "read",
  computes: true,
  per: "list",
  ports: ["main"],
  rawFields: ["code"],
  errors: nodeErrors([
    "CODE_THREW",
    "CODE_SYNTAX",
    "CODE_RESULT",
    "CODE_NEVER_SETTLED",
    "CODE_TIME_LIMIT",
    "CODE_MEMORY_LIMIT",
    "CODE_STACK_LIMIT",
    "CODE_INPUT_LIMIT",
    "CODE_OUTPUT_LIMIT",
    "CODE_TOO_LONG",
    "CODE_CRASHED",
    "CODE_UNAVAILABLE",
  ]),
  schema,
  example: {
    code: "return $items.map((item) => ({ ...item.json, total: item.json.price * item.json.quantity }));",
  },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const { code, language } = readConfig(schema, call.config);
  const { items, nowMs, seed } = call;
  const { result, logs } = await context.code.run({
    code,
    language,
    items,
    nowMs,
    seed,
    signal: context.signal,
  });
  for (const line of logs) context.log(line);
  // What earlier attempts wrote is kept beside; a failure carries its lines itself.
  if (logs.length > 0) await context.record(call.steps?.length ?? 0, { logs: capped(logs) });
  return { main: { items: itemsOf(result, items) } };
}

/** What is recorded stays with the execution for as long as it does. */
const LOG_LINES_MAX = 200;
const LOG_CHARACTERS_MAX = 16_384;

/** The first lines, and how many are left out. */
export function capped(logs: readonly string[]): string[] {
  const kept: string[] = [];
  let left = LOG_CHARACTERS_MAX;
  for (const line of logs) {
    if (kept.length === LOG_LINES_MAX || line.length > left) break;
    kept.push(line);
    left -= line.length;
  }
  const more = logs.length - kept.length;
  return more === 0 ? kept : [...kept, `(${more} more)`];
}

/** An object is one item, a list one per element, nothing no items. */
function itemsOf(result: Json | undefined, given: readonly Item[]): Item[] {
  if (result === undefined || result === null) return [];
  const known = new Map(
    given.flatMap((item) => Object.values(item.files ?? {})).map((file) => [file.blob, file]),
  );
  return (Array.isArray(result) ? result : [result]).map((one) => itemOf(one, known));
}

/** `{json, files?}` is an item already. Files must be files the code was given: a name made up would reach others' files. */
function itemOf(value: Json, known: ReadonlyMap<string, FileRef>): Item {
  const isItem =
    isObject(value) && "json" in value && Object.keys(value).every((name) => itemFields.includes(name));
  if (!isItem) return { json: value };
  const item: Item = { json: (value.json as Json | undefined) ?? null };
  const files: Record<string, FileRef> = {};
  for (const [name, file] of Object.entries(isObject(value.files) ? value.files : {})) {
    const there = isObject(file) ? known.get(String(file.blob)) : undefined;
    if (there) files[name] = there;
  }
  if (Object.keys(files).length > 0) item.files = files;
  return item;
}

const itemFields = ["json", "files", "from", "pairedItem"];
