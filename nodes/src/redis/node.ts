// One command to a Redis server: values, hashes, lists, sets, messages, streams.
import { createHash } from "node:crypto";
import type { ConfigProblem, Item, JsonObject, Outputs } from "@auraos/kernel";
import { credentialField } from "../credentials/credentialField.ts";
import { redisTarget } from "../credentials/services.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";
import { send } from "./clients.ts";
import { commandOf, effectOf, needs, type Operation, operations, type Reply, resultOf } from "./commands.ts";
import { type Target, targetOf } from "./target.ts";

const schema = z.strictObject({
  credential: credentialField(["redis"], "Server to ask.").optional(),
  connection: z
    .string()
    .min(1)
    .optional()
    .describe("Address instead of a connection: redis://host:6379/0, with rediss:// encrypted.")
    .meta({ format: "password" }),
  operation: z.enum(operations).describe("What to do."),
  key: z.string().min(1).max(10_000).describe("Key; for publish the channel."),
  value: anyValue()
    .optional()
    .describe(
      "What is set, pushed, added or published; for lists and sets a list is several. Not text: kept as JSON.",
    ),
  fields: z.record(z.string(), anyValue()).optional().describe("hashSet, streamAdd: values by name."),
  names: z
    .array(z.string().min(1))
    .min(1)
    .max(1000)
    .optional()
    .describe("hashGet, hashDelete: names. Default of hashGet: all."),
  seconds: z
    .number()
    .positive()
    .max(10_000_000_000)
    .optional()
    .describe("set, expire: time after which the key is gone."),
  onlyIf: z.enum(["missing", "exists"]).optional().describe("set: only when the key is not there, or is."),
  by: z.number().default(1).describe("increment: how much, also less than nothing."),
  side: z.enum(["left", "right"]).default("right").describe("listPush, listPop: at which end."),
  start: z.int().default(0).describe("listRange: first place; -1 is the last."),
  stop: z.int().default(-1).describe("listRange: last place."),
  after: z
    .string()
    .regex(/^\d+(-\d+)?$/, "must be an id such as 1690000000000-0.")
    .default("0")
    .describe("streamRead: only what came after this id."),
  count: z.int().min(1).max(10_000).default(1).describe("listPop, streamRead: how many at most."),
  lengthMax: z.int().min(1).optional().describe("streamAdd: about how many entries the stream keeps."),
  json: z.boolean().default(false).describe("Read values as JSON."),
  guardSeconds: z
    .int()
    .min(60)
    .max(31_536_000)
    .optional()
    .describe(
      "Let Redis remember for so long that this was done, under a key auraos:done:..., so that a repeated attempt changes nothing.",
    ),
  into: pathField("Field for the reply.").default("value"),
  ca: z.string().optional().describe("Certificate of the authority that signed that of the server (PEM)."),
  timeoutSeconds: z.number().positive().max(600).default(10).describe("Longest time of the command."),
});

export const redisNode = defineNode({
  type: "redis",
  version: 1,
  name: "Redis",
  description:
    "Reads and writes a Redis server: values, counters, hashes, lists, sets, channels and streams.",
  icon: "layers",
  category: "action",
  effect: "once",
  effectOf: ({ operation, onlyIf, guardSeconds }) => effectOf(operation, onlyIf, guardSeconds !== undefined),
  per: "item",
  ports: ["main"],
  concurrency: 10,
  timeoutMs: 660_000,
  errors: nodeErrors(
    ["DATA_INVALID", "REDIS_<word>", "REDIS_TLS", "REDIS_CONNECTION", "REDIS_TIMEOUT"],
    "outbound",
    "connection",
  ),
  rawFields: ["credential"],
  credentials: ["redis"],
  schema,
  example: {
    credential: "Shop cache",
    operation: "increment",
    key: "visits:{{ $json.page }}",
    guardSeconds: 86_400,
  },
  checkConfig,
  run,
});

function checkConfig(config: JsonObject): ConfigProblem[] {
  if (config.credential === undefined && config.connection === undefined)
    return [
      {
        field: "credential",
        code: "FIELD_MISSING",
        message: "There is no server to ask.",
        remedy: "Choose a connection.",
      },
    ];
  const missing = (needs[config.operation as Operation] ?? []).find((field) => config[field] === undefined);
  if (missing !== undefined)
    return [
      {
        field: missing,
        code: "FIELD_MISSING",
        message: `"${missing}" is missing.`,
        remedy: `${config.operation} needs it.`,
      },
    ];
  if (config.guardSeconds !== undefined && effectOf(config.operation, undefined, false) === "read")
    return [
      {
        field: "guardSeconds",
        code: "REDIS_GUARD",
        message: "Reading changes nothing.",
        remedy: "Take it away.",
      },
    ];
  return [];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const [problem] = checkConfig(call.config);
  if (problem) throw wrongParameter(problem.field, "cannot be left so.", problem.remedy);
  const { target, ca } = await serverOf(config, context);
  const command = commandOf(config);
  const address = await context.addressOf(target.host, target.port);
  const { timeoutSeconds, guardSeconds } = config;
  const sending = { target, address, ca, timeoutSeconds, signal: context.signal };
  const reply =
    guardSeconds === undefined
      ? await send({ ...sending, command })
      : unwrap(await send({ ...sending, command: guarded(command, call.idempotencyKey, guardSeconds) }));
  return { main: { items: [withField(call.items[0] as Item, config.into, resultOf(config, reply))] } };
}

async function serverOf(
  { credential, connection, ca }: z.output<typeof schema>,
  context: ActivityContext,
): Promise<{ target: Target; ca: string | undefined }> {
  if (credential !== undefined) return redisTarget((await context.credential()).values);
  if (connection === undefined) throw wrongParameter("connection", "is missing.", "Choose a connection.");
  return { target: targetOf(connection), ca };
}

/**
 * The command and the note of its reply, in one script, which Redis runs as a whole: a repeat finds the note. A note is
 * a list, because nothing (nil) has no place of its own there.
 */
const script = `local noted = redis.call('GET', KEYS[1])
if noted then return noted end
local reply = redis.call(unpack(ARGV, 2))
if type(reply) == 'table' and reply.ok then reply = reply.ok end
local note = cjson.encode({ reply })
redis.call('SET', KEYS[1], note, 'EX', ARGV[1])
return note`;

function guarded(command: string[], idempotencyKey: string, seconds: number): string[] {
  const note = `auraos:done:${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 40)}`;
  return ["EVAL", script, "1", note, String(seconds), ...command];
}

function unwrap(note: Reply): Reply {
  const [reply] = JSON.parse(String(note)) as (Reply | false)[];
  return reply === false || reply === undefined ? null : reply;
}
