// Values of PostgreSQL as data: exact, and without the time zone of this machine. Numbers that data cannot hold
// exactly stay text.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import pg from "pg";

type Parse = (text: string) => unknown;

const same: Parse = (text) => text;
const parsers: Record<number, Parse> = {
  /** int8 */
  20: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  /** numeric */
  1700: same,
  /** date, time, timetz, interval */
  1082: same,
  1083: same,
  1266: same,
  1186: same,
  /** timestamp */
  1114: (text) => text.replace(" ", "T"),
  /** timestamptz */
  1184: instant,
  /** bytea */
  17: (text) => Buffer.from(text.slice(2), "hex").toString("base64"),
};
/** Lists of these kinds: the driver's own ones would make dates of this machine's zone. */
const lists: Record<number, number> = {
  1016: 20,
  1231: 1700,
  1182: 1082,
  1183: 1083,
  1115: 1114,
  1185: 1184,
  1187: 1186,
  1001: 17,
};

function instant(text: string): string {
  const iso = text.replace(" ", "T").replace(/([+-]\d{2})$/, "$1:00");
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

export function parserOf(oid: number, format?: "text" | "binary"): Parse {
  const own = parsers[oid];
  if (own) return own;
  const inner = lists[oid];
  if (inner !== undefined) {
    const parseTexts = (pg.types.getTypeParser as (oid: number) => Parse)(1009);
    return (text) => mapDeep(parseTexts(text), parsers[inner] ?? same);
  }
  return pg.types.getTypeParser(oid, format as "text") as Parse;
}

function mapDeep(value: unknown, parse: Parse): unknown {
  if (Array.isArray(value)) return value.map((one) => mapDeep(one, parse));
  return typeof value === "string" ? parse(value) : value;
}

/** Whatever else a parser gives (points, intervals of the driver): plain data. */
export function toJson(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (!isObject(value)) return String(value);
  const json: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) json[name] = toJson(inner);
  return json;
}

/** Parameters: objects go as JSON, lists as lists of the database. */
export function toParameter(value: Json): unknown {
  return isObject(value) ? JSON.stringify(value) : value;
}
