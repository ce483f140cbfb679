// What each operation sends and how its reply is read. Everything here is plain data, so that a command is checked
// before any connection is opened.
import { type Effect, isObject, type Json, type JsonObject } from "@auraos/kernel";
import { show, wrongData, wrongParameter } from "../readConfig.ts";

export const operations = [
  "get",
  "set",
  "delete",
  "exists",
  "expire",
  "increment",
  "hashGet",
  "hashSet",
  "hashDelete",
  "listPush",
  "listPop",
  "listRange",
  "setAdd",
  "setRemove",
  "setMembers",
  "publish",
  "streamAdd",
  "streamRead",
] as const;
export type Operation = (typeof operations)[number];

export type RedisConfig = {
  operation: Operation;
  key: string;
  value?: unknown;
  fields?: Record<string, unknown> | undefined;
  names?: string[] | undefined;
  seconds?: number | undefined;
  onlyIf?: "missing" | "exists" | undefined;
  by: number;
  side: "left" | "right";
  start: number;
  stop: number;
  after: string;
  count: number;
  lengthMax?: number | undefined;
  json: boolean;
};

/** As Redis gives them in its second protocol. */
export type Reply = null | string | number | Reply[];

const reading: readonly string[] = ["get", "exists", "hashGet", "listRange", "setMembers", "streamRead"];
/** Made twice they are made once more: a counter counts on, a message comes again. */
const adding: readonly string[] = ["increment", "listPush", "listPop", "publish", "streamAdd"];

/** `isGuarded`: Redis itself remembers what was done. */
export function effectOf(operation: Json | undefined, onlyIf: Json | undefined, isGuarded: boolean): Effect {
  if (typeof operation !== "string" || operation.includes("{{")) return isGuarded ? "idempotent" : "once";
  if (reading.includes(operation)) return "read";
  if (isGuarded) return "idempotent";
  // The second time it finds what it set itself, and says that nothing was set.
  return adding.includes(operation) || (operation === "set" && onlyIf !== undefined) ? "once" : "idempotent";
}

/** What an operation cannot do without. */
export const needs: Partial<Record<Operation, readonly (keyof RedisConfig)[]>> = {
  set: ["value"],
  expire: ["seconds"],
  hashSet: ["fields"],
  hashDelete: ["names"],
  listPush: ["value"],
  setAdd: ["value"],
  setRemove: ["value"],
  publish: ["value"],
  streamAdd: ["fields"],
};

export function commandOf(config: RedisConfig): string[] {
  const { key, side } = config;
  const left = side === "left";
  switch (config.operation) {
    case "get":
      return ["GET", key];
    case "set":
      return [
        ...["SET", key, textOf(config.value, "value")],
        ...(config.seconds === undefined ? [] : ["PX", milliseconds(config.seconds)]),
        ...(config.onlyIf === undefined ? [] : [config.onlyIf === "missing" ? "NX" : "XX"]),
      ];
    case "delete":
      return ["DEL", key];
    case "exists":
      return ["EXISTS", key];
    case "expire":
      return ["PEXPIRE", key, milliseconds(config.seconds ?? 0)];
    case "increment":
      return Number.isInteger(config.by)
        ? ["INCRBY", key, String(config.by)]
        : ["INCRBYFLOAT", key, String(config.by)];
    case "hashGet":
      return config.names === undefined ? ["HGETALL", key] : ["HMGET", key, ...config.names];
    case "hashSet":
      return ["HSET", key, ...pairs(config.fields ?? {})];
    case "hashDelete":
      return ["HDEL", key, ...(config.names ?? [])];
    case "listPush":
      return [left ? "LPUSH" : "RPUSH", key, ...texts(config.value)];
    case "listPop":
      return [left ? "LPOP" : "RPOP", key, ...(config.count === 1 ? [] : [String(config.count)])];
    case "listRange":
      return ["LRANGE", key, String(config.start), String(config.stop)];
    case "setAdd":
      return ["SADD", key, ...texts(config.value)];
    case "setRemove":
      return ["SREM", key, ...texts(config.value)];
    case "setMembers":
      return ["SMEMBERS", key];
    case "publish":
      return ["PUBLISH", key, textOf(config.value, "value")];
    case "streamAdd":
      return [
        ...["XADD", key],
        ...(config.lengthMax === undefined ? [] : ["MAXLEN", "~", String(config.lengthMax)]),
        ...["*", ...pairs(config.fields ?? {})],
      ];
    case "streamRead":
      return ["XRANGE", key, `(${config.after}`, "+", "COUNT", String(config.count)];
  }
}

export function resultOf(config: RedisConfig, reply: Reply): Json {
  const read = (value: Reply) =>
    config.json && typeof value === "string" ? parsed(value, config.key) : value;
  const list = (value: Reply) => (Array.isArray(value) ? value : []);
  switch (config.operation) {
    case "get":
      return read(reply);
    case "set":
      return reply !== null;
    case "exists":
    case "delete":
    case "expire":
      return reply === 1;
    case "increment":
      return typeof reply === "string" ? Number(reply) : reply;
    case "hashGet":
      return config.names === undefined
        ? objectOf(list(reply), read)
        : Object.fromEntries(config.names.map((name, place) => [name, read(list(reply)[place] ?? null)]));
    case "listPop":
      return config.count === 1 ? read(reply) : list(reply).map(read);
    case "listRange":
    case "setMembers":
      return list(reply).map(read);
    case "streamRead":
      return list(reply).map((entry) => {
        const [id, fields] = list(entry);
        return { id: id ?? null, fields: objectOf(list(fields ?? null), read) };
      });
    default:
      return reply;
  }
}

function objectOf(flat: readonly Reply[], read: (value: Reply) => Json): JsonObject {
  const object: JsonObject = {};
  for (let place = 0; place + 1 < flat.length; place += 2) {
    const name = String(flat[place]);
    Object.defineProperty(object, name, {
      value: read(flat[place + 1] ?? null),
      ...{ enumerable: true, writable: true, configurable: true },
    });
  }
  return object;
}

function parsed(text: string, key: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw wrongData(
      `What stands under "${key}" is no JSON: ${show(text)}.`,
      'Set "json" to false to take it as text.',
    );
  }
}

/** Text stays text; everything else is kept as JSON. */
function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null)
    throw wrongParameter(field, `must be given, and is ${show(value)}.`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A list is several values. */
function texts(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw wrongParameter("value", "is an empty list.", "Give at least one value.");
  return values.map((one) => textOf(one, "value"));
}

function pairs(fields: unknown): string[] {
  const entries = isObject(fields) ? Object.entries(fields) : [];
  if (entries.length === 0) throw wrongParameter("fields", "has no field.", "Give at least one.");
  return entries.flatMap(([name, value]) => [name, textOf(value, `fields.${name}`)]);
}

function milliseconds(seconds: number): string {
  return String(Math.max(1, Math.round(seconds * 1000)));
}
