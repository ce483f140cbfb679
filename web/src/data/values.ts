// Values of a table's columns and of variables as a form holds them, which is text, and back.
import type { TableColumn } from "../api/data.ts";

type Type = TableColumn["type"];

/** An empty text is no value. */
export function fieldText(type: Type, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (type === "json") return JSON.stringify(value, null, 2);
  if (type === "time") return localTime(String(value));
  return String(value);
}

export type Read = { ok: true; value: unknown } | { ok: false; problem: "number" | "json" | "time" };

export function readText(type: Type, text: string): Read {
  if (type === "text") return { ok: true, value: text === "" ? null : text };
  const given = text.trim();
  if (given === "") return { ok: true, value: null };
  if (type === "boolean") return { ok: true, value: given === "true" };
  if (type === "number") {
    const value = Number(given);
    return Number.isFinite(value) ? { ok: true, value } : { ok: false, problem: "number" };
  }
  if (type === "time") {
    const at = new Date(given);
    return Number.isNaN(at.getTime())
      ? { ok: false, problem: "time" }
      : { ok: true, value: at.toISOString() };
  }
  return readJson(given);
}

/** What a person types as a variable: JSON when it is some, else the text itself. */
export function variableOf(text: string): unknown {
  const read = readJson(text.trim());
  return read.ok ? read.value : text;
}

/** The text that gives this variable back; a text that looks like JSON keeps its quotes. */
export function variableText(value: unknown): string {
  if (typeof value === "string" && variableOf(value) === value) return value;
  return JSON.stringify(value, null, 2);
}

function readJson(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, problem: "json" };
  }
}

/** As a field of the browser takes it: local, to the millisecond when there are some. */
function localTime(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const ms = at.getMilliseconds() === 0 ? "" : `.${String(at.getMilliseconds()).padStart(3, "0")}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${ms}`;
}
