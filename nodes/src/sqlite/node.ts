// Runs one SQL statement on a SQLite database in the file area. Values are parameters and never part of the text.
import type { ConfigProblem, Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { readConfig } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";
import { runStatement } from "./processes.ts";
import type { Answer } from "./protocol.ts";

const schema = z.strictObject({
  file: z.string().min(1).max(1000).describe("The database, a file of the file area, such as data/shop.db."),
  sql: z
    .string()
    .min(1)
    .max(100_000)
    .describe("One statement. Values stand as ?, one after the other; braces in it are no templates."),
  parameters: z
    .array(anyValue())
    .max(1000)
    .default([])
    .describe(
      "Values for the question marks. Lists and objects are passed as JSON, true and false as 1 and 0.",
    ),
  access: z
    .enum(["read", "write", "repeatable"])
    .default("read")
    .describe(
      "read: the database refuses any change. write: never repeated when its outcome is unknown. repeatable: a change that may safely be made twice, such as an upsert.",
    ),
  create: z.boolean().default(false).describe("Make the database when it is not there (not with read)."),
  rowsMax: z.int().min(1).max(1_000_000).default(10_000).describe("Most rows taken."),
  whenMore: z
    .enum(["fail", "cut"])
    .default("fail")
    .describe("When there are more rows: stop, or take the first ones."),
  rowsInto: pathField(
    "Put all rows as a list into this field of the item. Default: one item per row.",
  ).optional(),
  timeoutSeconds: z.number().positive().max(3600).default(30).describe("Longest time of the statement."),
});
type Config = z.output<typeof schema>;

export const sqliteNode = defineNode({
  type: "sqlite",
  version: 1,
  name: "SQLite",
  description:
    "Runs an SQL statement on a SQLite database in the file area and gives its rows, in a process of its own.",
  icon: "database",
  category: "action",
  effect: "once",
  effectOf: ({ access = "read" }) =>
    access === "read" ? "read" : access === "repeatable" ? "idempotent" : "once",
  per: "item",
  ports: ["main"],
  concurrency: 2,
  timeoutMs: 3_700_000,
  rawFields: ["sql"],
  errors: nodeErrors(
    ["ROWS_BOUND", "SQLITE_<code>", "SQL_TIMEOUT", "SQL_PARAMETERS", "SQL_SEVERAL", "SQL_DIED"],
    "files",
  ),
  schema,
  example: {
    file: "data/shop.db",
    sql: "select id, name from customers where country = ? and created_at > ? order by id",
    parameters: ["{{ $json.country }}", "{{ $json.since }}"],
  },
  checkConfig: ({ sql, create, access = "read" }) => [
    ...(typeof sql === "string" && sql.includes("{{") ? [braces] : []),
    ...(create === true && access === "read" ? [createsNothing] : []),
  ],
  run,
});

const braces: ConfigProblem = {
  field: "sql",
  code: "SQL_TEMPLATE",
  message: "Braces in SQL are no templates.",
  remedy: "Write ? there, and put the template into the parameters.",
};
const createsNothing: ConfigProblem = {
  field: "create",
  code: "SQL_CREATE",
  message: "Reading makes no database.",
  remedy: 'Set "access" to "write" or "repeatable".',
};

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const isReadOnly = config.access === "read";
  const timeoutMs = config.timeoutSeconds * 1000;
  const file = await context.files.locate(config.file, { write: !isReadOnly });
  const end = await runStatement(
    {
      ...{ file, isReadOnly, sql: config.sql, parameters: config.parameters as Json[] },
      create: config.create && !isReadOnly,
      waitMs: Math.min(timeoutMs, 2_000_000_000),
      rowsMax: config.rowsMax,
      cut: config.whenMore === "cut",
    },
    { timeoutMs, signal: context.signal },
  );
  if ("stopped" in end) throw stopped(end.stopped, end.begun && !isReadOnly, config);
  return outputs(end.answer, config, call.items[0] as Item);
}

function outputs(answer: Answer, config: Config, item: Item): Outputs {
  if (answer.kind === "rows") {
    if (config.rowsInto !== undefined)
      return { main: { items: [withField(item, config.rowsInto, answer.rows)] } };
    return { main: { items: answer.rows.map((json) => ({ json })) } };
  }
  if (answer.kind === "changed") {
    const json: JsonObject = { changes: answer.changes, lastId: answer.lastId };
    if (config.rowsInto !== undefined) return { main: { items: [withField(item, config.rowsInto, [])] } };
    return { main: { items: [{ json }] } };
  }
  throw failureOf(answer, config);
}

function stopped(
  why: "aborted" | "timeout" | "died",
  mayHaveChanged: boolean,
  config: Config,
): ActivityError {
  // The commit may have come before the end.
  const certainty = mayHaveChanged ? "unknown" : "notDone";
  if (why === "aborted")
    return new ActivityError({
      code: "CANCELLED",
      class: "cancelled",
      message: "The statement was stopped.",
      certainty,
    });
  if (why === "timeout")
    return new ActivityError({
      code: "SQL_TIMEOUT",
      class: "timeout",
      message: `The statement took longer than ${config.timeoutSeconds} s and was stopped.`,
      remedy: 'Make it cheaper, or raise "timeoutSeconds".',
      retryable: true,
      certainty,
    });
  return new ActivityError({
    code: "SQL_DIED",
    class: "limit",
    message: "The process of the statement ended; it probably needed more memory than there is.",
    remedy: "Read fewer rows, or in parts.",
    retryable: true,
    certainty,
  });
}

/** Primary result codes of SQLite. */
const meanings: Record<
  number,
  { class: "data" | "client" | "server" | "limit"; remedy?: string; retryable?: boolean }
> = {
  5: { class: "server", retryable: true, remedy: "Somebody else was writing; the next attempt may succeed." },
  6: { class: "server", retryable: true, remedy: "Somebody else was writing; the next attempt may succeed." },
  7: { class: "limit", remedy: "It needs too much memory; read fewer rows, or in parts." },
  8: { class: "client", remedy: 'Set "access" to "write" if the statement is meant to change something.' },
  10: { class: "server", retryable: true, remedy: "The disk failed it." },
  11: { class: "data", remedy: "The database is damaged; restore it from a backup." },
  13: { class: "limit", remedy: "The disk is full." },
  18: { class: "limit", remedy: "A value is too large for SQLite." },
  19: { class: "data", remedy: "The data breaks a rule of the table." },
  20: { class: "data", remedy: "A value does not suit its type; look at the parameters." },
  23: {
    class: "client",
    remedy: "Other files, pragmas and transactions of its own are not open to a statement here.",
  },
  25: { class: "data", remedy: "Give as many parameters as there are question marks." },
  26: { class: "data", remedy: "The file is no SQLite database." },
};

function failureOf(answer: Exclude<Answer, { kind: "rows" | "changed" }>, config: Config): ActivityError {
  const failed = (code: string, message: string, remedy: string, field: string) =>
    new ActivityError({ code, class: "data", message, remedy, field, certainty: "notDone" });
  switch (answer.kind) {
    case "missing":
      return failed(
        "FILE_NOT_FOUND",
        `There is no database "${config.file}".`,
        'Check the path, or set "create".',
        "file",
      );
    case "several":
      return failed("SQL_SEVERAL", "There is more than one statement.", "Use one node for each.", "sql");
    case "tooMany":
      return failed(
        "ROWS_BOUND",
        `The statement gives more than ${config.rowsMax} rows.`,
        'Add a LIMIT, raise "rowsMax", or set "whenMore" to "cut".',
        "rowsMax",
      );
    case "tooLarge":
      return failed(
        "ROWS_BOUND",
        "The rows are larger than 64 MB together.",
        "Read fewer columns or rows.",
        "sql",
      );
    case "error": {
      const meaning = meanings[answer.code] ?? {
        class: "client" as const,
        remedy: "Check the SQL and its parameters.",
      };
      return new ActivityError({
        code: answer.code === 0 ? "SQL_PARAMETERS" : `SQLITE_${answer.code}`,
        message: `SQLite says: ${answer.message}.`,
        retryable: false,
        ...meaning,
        certainty: "notDone",
      });
    }
  }
}
