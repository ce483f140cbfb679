// A cell of a decision table as people write it, and back: `>= 1000`, `1..5`, `business, school`, `not A`, `X-*`,
// `missing`. Whatever a definition may hold in a cell can be written; what is written means one thing only.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";

export type ColumnType = "number" | "text" | "boolean" | "date";
/** `cell` undefined: anything fits. `error` names the part that is not understood. */
export type Read = { cell: Json | undefined } | { error: string };

const orders = [
  ["from", ">="],
  ["above", ">"],
  ["to", "<="],
  ["below", "<"],
] as const;

export function cellText(cell: Json | undefined, type: ColumnType): string {
  if (cell === undefined) return "";
  if (!isObject(cell)) return listText(cell, type);
  const { from, to, not, startsWith, exists } = cell as JsonObject;
  const isRange = from !== undefined && to !== undefined;
  const parts: string[] = [];
  if (exists !== undefined) parts.push(exists === false ? "missing" : "present");
  if (isRange) parts.push(`${valueText(from, type)}..${valueText(to, type)}`);
  for (const [name, sign] of orders) {
    const limit = (cell as JsonObject)[name];
    if (limit !== undefined && !(isRange && (name === "from" || name === "to")))
      parts.push(`${sign} ${valueText(limit, type)}`);
  }
  if (not !== undefined) parts.push(`not ${listText(not, type)}`);
  if (startsWith !== undefined) parts.push(`${textText(String(startsWith))}*`);
  // Without a condition a value must still be there.
  return parts.length === 0 ? "present" : parts.join(" and ");
}

export function readCell(text: string, type: ColumnType): Read {
  const given = text.trim();
  if (given === "") return { cell: undefined };
  if (given.includes("{{")) return { cell: given };
  const parts = split(given, " and ");
  if (parts.length === 1) {
    const list = isCondition(given, type) ? undefined : readList(given, type);
    if (list) return list;
  }
  const cell: JsonObject = {};
  for (const part of parts) {
    const read = readCondition(part.trim(), type);
    if (read === undefined) return { error: part.trim() };
    Object.assign(cell, read);
  }
  return { cell };
}

/** What comes out: a value as JSON, or text that needs no quotes. */
export function resultText(value: Json | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return JSON.stringify(value);
  return readResult(value) === value ? value : JSON.stringify(value);
}

export function readResult(text: string): Json | undefined {
  const given = text.trim();
  if (given === "") return undefined;
  try {
    return JSON.parse(given) as Json;
  } catch {
    return given;
  }
}

function isCondition(text: string, type: ColumnType): boolean {
  return (
    /^(>|<|≥|≤|not\s|missing$|present$)/i.test(text) ||
    (type === "text" && /\*$/.test(text)) ||
    ((type === "number" || type === "date") && text.includes(".."))
  );
}

function readCondition(text: string, type: ColumnType): JsonObject | undefined {
  if (/^missing$/i.test(text)) return { exists: false };
  if (/^present$/i.test(text)) return { exists: true };
  const not = /^not\s+(.+)$/is.exec(text)?.[1];
  if (not !== undefined) {
    const list = readList(not, type);
    return list && "cell" in list && list.cell !== undefined ? { not: list.cell } : undefined;
  }
  if (type === "text") {
    const prefix = /^(.+)\*$/s.exec(text)?.[1];
    const read = prefix === undefined ? undefined : readValue(prefix, type);
    return read === undefined ? undefined : { startsWith: read };
  }
  if (type === "boolean") return undefined;
  const range = /^(.+?)\.\.(.+)$/s.exec(text);
  if (range) {
    const [from, to] = [readValue(range[1] ?? "", type), readValue(range[2] ?? "", type)];
    return from === undefined || to === undefined ? undefined : { from, to };
  }
  const plain = text.replace(/^≥/, ">=").replace(/^≤/, "<=");
  const found = orders.find(([, sign]) => plain.startsWith(sign));
  const limit = found && readValue(plain.slice(found[1].length), type);
  return found && limit !== undefined ? { [found[0]]: limit } : undefined;
}

function readList(text: string, type: ColumnType): Read | undefined {
  const values: Json[] = [];
  for (const part of split(text, ",")) {
    const value = readValue(part, type);
    if (value === undefined) return { error: part.trim() };
    values.push(value);
  }
  const [only] = values;
  return { cell: values.length === 1 ? only : values };
}

function readValue(text: string, type: ColumnType): Json | undefined {
  const given = text.trim();
  if (given === "") return undefined;
  if (type === "number") return Number.isFinite(Number(given)) ? Number(given) : undefined;
  if (type === "boolean")
    return /^(true|yes)$/i.test(given) ? true : /^(false|no)$/i.test(given) ? false : undefined;
  if (type === "date") return given;
  if (!given.startsWith('"')) return given;
  try {
    return JSON.parse(given) as string;
  } catch {
    return undefined;
  }
}

function listText(value: Json | undefined, type: ColumnType): string {
  return (Array.isArray(value) ? value : [value]).map((one) => valueText(one, type)).join(", ");
}

function valueText(value: Json | undefined, type: ColumnType): string {
  return type === "text" ? textText(String(value)) : String(value);
}

/** Text that would be read as something else stands in quotes. */
function textText(text: string): string {
  const isPlain =
    text !== "" &&
    text.trim() === text &&
    !/[",]|\*$/.test(text) &&
    !/ and /.test(text) &&
    !isCondition(text, "text");
  return isPlain || text.includes("{{") ? text : JSON.stringify(text);
}

/** At the separator, but not within quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\" && isQuoted) at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at));
      at += separator.length - 1;
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
