// Runs one SQL statement on a PostgreSQL database. Values are parameters and never part of the text.
import type { ConfigProblem, Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { credentialField } from "../credentials/credentialField.ts";
import { postgresTarget } from "../credentials/services.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";
import { poolFor } from "./pools.ts";
import { runStatement } from "./query.ts";
import { type Target, targetOf } from "./target.ts";

const schema = z.strictObject({
  credential: credentialField(["postgres"], "Database to ask.").optional(),
  connection: z
    .string()
    .min(1)
    .optional()
    .describe("Address instead of a connection: postgresql://user:password@host:5432/name.")
    .meta({ format: "password" }),
  sql: z
    .string()
    .min(1)
    .max(100_000)
    .describe("One statement. Values stand as $1, $2 and so on; braces in it are no templates."),
  parameters: z
    .array(anyValue())
    .max(1000)
    .default([])
    .describe("Values for $1, $2 and so on. Objects are passed as JSON."),
  access: z
    .enum(["read", "write", "repeatable"])
    .default("read")
    .describe(
      "read: the database refuses any change. write: never repeated when its outcome is unknown. repeatable: a change that may safely be made twice, such as an upsert.",
    ),
  rowsMax: z.int().min(1).max(1_000_000).default(10_000).describe("Most rows taken."),
  whenMore: z
    .enum(["fail", "cut"])
    .default("fail")
    .describe("When there are more rows: stop, or take the first ones."),
  rowsInto: pathField(
    "Put all rows as a list into this field of the item. Default: one item per row.",
  ).optional(),
  timeoutSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(30)
    .describe("Longest time of the statement in the database."),
  encryption: z
    .enum(["verify", "encrypt", "none"])
    .optional()
    .describe(
      "verify: with a trusted certificate; encrypt: with any; none. Default: as sslmode of the address says, else verify.",
    ),
  ca: z.string().optional().describe("Certificate of the authority that signed that of the database (PEM)."),
});

export const postgresNode = defineNode({
  type: "postgres",
  version: 1,
  name: "PostgreSQL",
  description:
    "Runs an SQL statement on a PostgreSQL database and gives its rows. Reading is enforced by the database; values are always parameters.",
  icon: "database",
  category: "action",
  effect: "once",
  effectOf: ({ access = "read" }) =>
    access === "read" ? "read" : access === "repeatable" ? "idempotent" : "once",
  per: "item",
  ports: ["main"],
  concurrency: 5,
  timeoutMs: 3_700_000,
  rawFields: ["sql", "credential"],
  credentials: ["postgres"],
  errors: nodeErrors(
    [
      "ROWS_BOUND",
      "SQL_<state>",
      "SQL_TIMEOUT",
      "SQL_PARAMETERS",
      "DATABASE_TLS",
      "DATABASE_TIMEOUT",
      "DATABASE_CONNECTION",
    ],
    "outbound",
    "connection",
  ),
  schema,
  example: {
    credential: "Shop database",
    sql: "select id, name from customers where country = $1 and created_at > $2 order by id",
    parameters: ["{{ $json.country }}", "{{ $json.since }}"],
  },
  checkConfig: checkParameters,
  run,
});

function checkParameters({ sql, parameters, credential, connection }: JsonObject): ConfigProblem[] {
  if (credential === undefined && connection === undefined)
    return [
      {
        field: "credential",
        code: "FIELD_MISSING",
        message: "There is no database to ask.",
        remedy: "Choose a connection.",
      },
    ];
  if (typeof sql !== "string") return [];
  const given = parameters === undefined ? 0 : Array.isArray(parameters) ? parameters.length : undefined;
  const used = Math.max(0, ...Array.from(sql.matchAll(/\$(\d{1,4})\b/g), (match) => Number(match[1])));
  if (sql.includes("{{")) {
    return [
      {
        field: "sql",
        code: "SQL_TEMPLATE",
        message: "Braces in SQL are no templates.",
        remedy: "Write $1 there, and put the template into the parameters.",
      },
    ];
  }
  if (given === undefined || used <= given) return [];
  return [
    {
      field: "parameters",
      code: "SQL_PARAMETERS",
      message: `The SQL uses $${used}, but there are ${given} parameters.`,
    },
  ];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const { target, ca } = await databaseOf(config, context);
  const address = await context.addressOf(target.host, target.port);
  const answer = await runStatement(
    poolFor(target, address, ca),
    {
      sql: config.sql,
      parameters: config.parameters as Json[],
      isReadOnly: config.access === "read",
      timeoutMs: config.timeoutSeconds * 1000,
      rowsMax: config.rowsMax,
      cut: config.whenMore === "cut",
    },
    context.signal,
  );
  if (config.rowsInto !== undefined) {
    return { main: { items: [withField(call.items[0] as Item, config.rowsInto, answer.rows)] } };
  }
  const givesRows = answer.rows.length > 0 || answer.command === "SELECT";
  const rows: JsonObject[] = givesRows ? answer.rows : [{ command: answer.command, rows: answer.count }];
  return { main: { items: rows.map((json) => ({ json })) } };
}

async function databaseOf(
  { credential, connection, encryption, ca }: z.output<typeof schema>,
  context: ActivityContext,
): Promise<{ target: Target; ca: string | undefined }> {
  if (credential !== undefined) return postgresTarget((await context.credential()).values);
  if (connection === undefined) throw wrongParameter("connection", "is missing.", "Choose a connection.");
  return { target: targetOf(connection, encryption), ca };
}
