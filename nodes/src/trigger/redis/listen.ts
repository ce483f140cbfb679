// Listens to a Redis stream as a member of a consumer group, or to channels.
//
// Stream: what was delivered to us and not acknowledged comes first, then what is new; an entry is acknowledged only
// after it is an event, which is durable. So a crash on either side costs at most a repetition, and the entry's id makes
// that harmless. A group that Redis has lost is made again at the last entry that was taken.
import { randomUUID } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { redisTarget } from "../../credentials/services.ts";
import type { ListenContext, TakenMessage } from "../../defineNode.ts";
import { readConfig } from "../../readConfig.ts";
import { targetOf } from "../../redis/target.ts";
import { type RedisClient, redisClient } from "./client.ts";
import { schema } from "./schema.ts";

const BLOCK_MS = 2_000;
type Client = RedisClient;
type Entries = [id: string, fields: string[] | null][];

export async function listen(given: JsonObject, context: ListenContext): Promise<void> {
  const config = readConfig(schema, given);
  const { target, ca } =
    config.credential === undefined
      ? { target: targetOf(config.connection ?? ""), ca: undefined }
      : redisTarget((await context.credential()).values);
  const client = await redisClient(target, await context.addressOf(target.host, target.port), ca);
  // Whoever waits in Redis is freed at once when the trigger ends.
  const end = () => client.destroy();
  context.signal.addEventListener("abort", end, { once: true });
  try {
    await client.connect();
    if (config.kind === "stream") await readStream(client, config, context);
    else await subscribe(client, config.channels ?? [], context);
  } finally {
    context.signal.removeEventListener("abort", end);
    if (client.isOpen) client.destroy();
  }
}

async function readStream(
  client: Client,
  config: { stream?: string | undefined; group: string; from: string; count: number },
  context: ListenContext,
): Promise<void> {
  const { stream = "", group, count } = config;
  const last = isObject(context.cursor) ? context.cursor.last : undefined;
  const start = typeof last === "string" ? last : config.from === "beginning" ? "0" : "$";
  await makeGroup(client, stream, group, start);
  await context.listening();
  // Those that were given to us before, from the first one; then only new ones.
  for (let from = "0"; !context.signal.aborted; ) {
    const entries = await readGroup(client, { stream, group, count, from });
    if (entries.length === 0) {
      from = ">";
      continue;
    }
    const messages = entries.flatMap(([id, fields]) => messageOf(stream, id, fields) ?? []);
    const newest = entries.at(-1)?.[0] ?? "0";
    await context.take(messages, { last: newest });
    await client.sendCommand(["XACK", stream, group, ...entries.map(([id]) => id)]);
    if (from !== ">") from = newest;
  }
}

async function makeGroup(client: Client, stream: string, group: string, start: string): Promise<void> {
  try {
    await client.sendCommand(["XGROUP", "CREATE", stream, group, start, "MKSTREAM"]);
  } catch (error) {
    if (!(error as Error).message.startsWith("BUSYGROUP")) throw error;
  }
}

async function readGroup(
  client: Client,
  { stream, group, count, from }: { stream: string; group: string; count: number; from: string },
): Promise<Entries> {
  const block = from === ">" ? ["BLOCK", String(BLOCK_MS)] : [];
  const reply = (await client.sendCommand([
    ...["XREADGROUP", "GROUP", group, "auraos", "COUNT", String(count)],
    ...[...block, "STREAMS", stream, from],
  ])) as [string, Entries][] | null;
  return reply?.[0]?.[1] ?? [];
}

/** An entry that was deleted meanwhile has no fields: nothing is left to give. */
function messageOf(stream: string, id: string, fields: string[] | null): TakenMessage | undefined {
  if (fields === null) return undefined;
  const values: [string, Json][] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) values.push([fields[at] ?? "", fields[at + 1] ?? ""]);
  return { id: `${stream}/${id}`, data: { stream, id, fields: Object.fromEntries(values) } };
}

async function subscribe(client: Client, channels: string[], context: ListenContext): Promise<void> {
  const lost = Promise.withResolvers<void>();
  client.on("error", (error: Error) => lost.reject(error));
  client.on("end", () => lost.resolve());
  let taking = Promise.resolve();
  const receive = (message: string, channel: string) => {
    const data = { channel, message, ...parsed(message) };
    taking = taking.then(() => context.take([{ id: randomUUID(), data }]));
    taking.catch((error: unknown) => lost.reject(error));
  };
  const [patterns, names] = [channels.filter(hasStar), channels.filter((name) => !hasStar(name))];
  if (names.length > 0) await client.subscribe(names, receive);
  if (patterns.length > 0) await client.pSubscribe(patterns, receive);
  await context.listening();
  await lost.promise;
  await taking;
  if (!context.signal.aborted) throw new Error("Redis ended the connection.");
}

function hasStar(name: string): boolean {
  return /[*?[]/.test(name);
}

function parsed(message: string): { data?: Json } {
  if (!/^\s*[[{]/.test(message)) return {};
  try {
    return { data: JSON.parse(message) as Json };
  } catch {
    return {};
  }
}
