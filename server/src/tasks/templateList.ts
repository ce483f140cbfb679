// The templates themselves: plain definitions of nodes that every installation has. What is filled in by the person who
// installs one stands in the workflow afterwards, where it can be read and changed.
import type { TaskTemplate } from "@auraos/contract";
import type { Json, JsonObject } from "@auraos/kernel";

type Name =
  | "folder"
  | "target"
  | "time"
  | "timezone"
  | "file"
  | "by"
  | "sum"
  | "report"
  | "source"
  | "id"
  | "every"
  | "name"
  | "days"
  | "url"
  | "timeoutSeconds"
  | "message";
/** Of the template's own parameters each has its value; whether it fits is said by whoever checks the definition. */
export type Values = Record<Name, Json>;
export type Template = TaskTemplate & {
  make(values: Values): { definition: { nodes: JsonObject[]; connections: JsonObject[] }; task: JsonObject };
};

const start = { id: "start", type: "trigger.manual", config: {} };
const retry = { attempts: 3, delaySeconds: 60, factor: 2, maxDelaySeconds: 900 };

export const templateList: readonly Template[] = [
  {
    id: "backup",
    name: "Backup",
    description: "Packs the files of a folder into a dated ZIP archive, every night.",
    parameters: [
      text("folder", "Folder of the file area that is kept."),
      text("target", "Folder for the archives.", "backups"),
      text("time", "Cron expression.", "30 2 * * *"),
      text("timezone", "Time zone of the expression.", "UTC"),
    ],
    make: ({ folder, target, time, timezone }) => ({
      definition: chain(
        { id: "list", type: "file.list", config: { folder, deep: true } },
        { id: "read", type: "file.read", config: { path: "{{ $json.path }}", as: "file" } },
        { id: "pack", type: "compress", config: { format: "zip", together: true, name: "backup.zip" } },
        {
          id: "store",
          type: "file.write",
          config: { path: `${target}/{{ $now.toFormat('yyyy-MM-dd_HHmmss') }}.zip`, file: "data" },
        },
      ),
      task: { schedule: { cron: time, timezone, missed: "last" }, retry, priority: 10 },
    }),
  },
  {
    id: "weekly-report",
    name: "Weekly report",
    description: "Sums up a CSV file by one of its columns and writes the report as CSV, every Monday.",
    parameters: [
      text("file", "CSV file of the file area."),
      text("by", "Column whose values are compared."),
      text("sum", "Column of numbers that is added up."),
      text("report", "File that is written.", "reports/week.csv"),
      text("time", "Cron expression.", "0 7 * * MON"),
      text("timezone", "Time zone of the expression.", "UTC"),
    ],
    make: ({ file, by, sum, report, time, timezone }) => ({
      definition: chain(
        { id: "read", type: "file.read", config: { path: file, as: "csv", types: "infer" } },
        {
          id: "sum",
          type: "aggregate",
          config: {
            groupBy: [by],
            fields: [
              { operation: "count", as: "rows" },
              { operation: "sum", field: sum, as: "total" },
            ],
          },
        },
        { id: "format", type: "csv", config: { operation: "format" } },
        { id: "store", type: "file.write", config: { path: report, content: "{{ $json.text }}" } },
      ),
      task: { schedule: { cron: time, timezone }, retry },
    }),
  },
  {
    id: "data-sync",
    name: "Data sync",
    description: "Reads a list from one HTTP service and puts each entry into another, safely repeated.",
    parameters: [
      text("source", "Address that gives a JSON list."),
      text("target", "Address of the collection; the id of each entry is appended."),
      text("id", "Field that identifies an entry.", "id"),
      text("every", "Interval.", "15m"),
    ],
    make: ({ source, target, id, every }) => ({
      definition: chain(
        { id: "fetch", type: "http", config: { method: "GET", url: source } },
        {
          id: "put",
          type: "http",
          config: { method: "PUT", url: `${target}/{{ $json.${id} }}`, body: "{{ $json }}" },
        },
      ),
      task: { schedule: { interval: every, overlap: "skip" }, retry },
    }),
  },
  {
    id: "clean-up",
    name: "Clean-up",
    description: "Deletes files of a folder that are older than some days, at night.",
    parameters: [
      text("folder", "Folder of the file area."),
      text("name", "Only names of this form: * stands for any text.", "*"),
      { name: "days", description: "Files older than this go.", default: 30, required: false },
      text("timezone", "Time zone of the night.", "UTC"),
    ],
    make: ({ folder, name, days, timezone }) => ({
      definition: chain(
        { id: "list", type: "file.list", config: { folder, name, order: "oldest" } },
        {
          id: "old",
          type: "filter",
          config: {
            conditions: [
              {
                left: `{{ DateTime.fromISO($json.modified) < $now.minus({ days: ${Number(days)} }) }}`,
                operator: "isTrue",
              },
            ],
          },
        },
        { id: "delete", type: "file.delete", config: { path: "{{ $json.path }}" } },
      ),
      task: {
        schedule: { cron: "0 3 * * *", timezone },
        window: { from: "01:00", to: "06:00", timezone },
        priority: -10,
      },
    }),
  },
  {
    id: "health-check",
    name: "Health check",
    description: "Asks an address whether it answers; what does not is a failed run, after a second look.",
    parameters: [
      text("url", "Address that answers with a success when all is well."),
      text("every", "Interval.", "5m"),
      { name: "timeoutSeconds", description: "Longest time for the answer.", default: 10, required: false },
    ],
    make: ({ url, every, timeoutSeconds }) => ({
      definition: chain({ id: "ask", type: "http", config: { method: "GET", url, timeoutSeconds } }),
      task: {
        schedule: { interval: every, missed: "none" },
        retry: { attempts: 2, delaySeconds: 15, factor: 1 },
        deadlineSeconds: 240,
      },
    }),
  },
  {
    id: "reminder",
    name: "Reminder",
    description: "Sends a message to an address (a chat, a phone gateway) at the times you want.",
    parameters: [
      text("message", "What it says."),
      text("url", "Where it is posted, as JSON {text}."),
      text("time", "Cron expression.", "0 9 * * MON-FRI"),
      text("timezone", "Time zone of the expression.", "UTC"),
    ],
    make: ({ message, url, time, timezone }) => ({
      definition: chain(
        { id: "say", type: "set", config: { fields: { text: message } } },
        {
          id: "send",
          type: "http",
          config: {
            method: "POST",
            url,
            body: { text: "{{ $json.text }}" },
            idempotencyHeader: "Idempotency-Key",
          },
        },
      ),
      task: { schedule: { cron: time, timezone, missed: "none" }, retry, deadlineSeconds: 3_600 },
    }),
  },
];

function text(name: string, description: string, fallback?: string): Template["parameters"][number] {
  return fallback === undefined
    ? { name, description, required: true }
    : { name, description, default: fallback, required: false };
}

function chain(...nodes: JsonObject[]) {
  const all = [start as JsonObject, ...nodes];
  const connections = nodes.map((node, index) => ({ from: all[index]?.id ?? "start", to: node.id ?? "" }));
  return { nodes: all, connections };
}
