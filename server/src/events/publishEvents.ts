// Publishing through the API and from workflows: a CloudEvents envelope is checked, completed and made durable.
import type { Problem } from "@auraos/kernel";
import { refuse } from "../platform/errors.ts";
import type { NewEvent } from "./bus.types.ts";

export const EVENT_BYTES_MAX = 256 * 1024;
export const EVENTS_MAX = 1_000;

const core = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "data",
  "data_base64",
]);
const TYPE = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

export type EventDefaults = { source: string; nowMs: () => number; newId: () => string };

/** Complete envelopes, or a refusal with every problem at its place. */
export function completeEvents(given: readonly unknown[], defaults: EventDefaults): NewEvent[] {
  const problems: Problem[] = [];
  const many = given.length > 1;
  if (given.length > EVENTS_MAX)
    throw refuse(
      413,
      "EVENTS_TOO_MANY",
      `A batch has at most ${EVENTS_MAX} events.`,
      "Send several batches.",
    );
  const events = given.map((one, index) => completeOne(one, defaults, many ? `/${index}` : "", problems));
  if (problems.length > 0)
    throw refuse(
      422,
      "EVENT_INVALID",
      `Nothing was published: ${problems[0]?.message ?? ""}`,
      "Correct what `problems` lists.",
      { problems: problems.slice(0, 100) },
    );
  return events;
}

function completeOne(given: unknown, defaults: EventDefaults, path: string, problems: Problem[]): NewEvent {
  const event = (typeof given === "object" && given !== null && !Array.isArray(given) ? given : {}) as Record<
    string,
    unknown
  >;
  const wrong = (field: string, message: string, remedy: string) =>
    problems.push({ code: "EVENT_FIELD", message, remedy, path: `${path}/${field}`, field });
  const text = (field: string, max: number) => {
    const value = event[field];
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.length > 0 && value.length <= max && !value.includes("\0"))
      return value.toWellFormed();
    wrong(field, `"${field}" must be a text of 1 to ${max} characters.`, "Shorten it, or leave it out.");
    return undefined;
  };
  if (event.specversion !== undefined && event.specversion !== "1.0")
    wrong(
      "specversion",
      `This is not CloudEvents 1.0 but ${JSON.stringify(event.specversion)}.`,
      "Send 1.0.",
    );
  const type = text("type", 255);
  if (event.type === undefined) wrong("type", "The event has no type.", "Give one, such as order.created.");
  else if (type !== undefined && !TYPE.test(type))
    wrong("type", `"${type}" is no type.`, "Write words of letters, digits, _ and -, joined by dots.");
  else if (type?.startsWith("auraos."))
    wrong("type", "Types that begin with auraos. are told by AuraOS itself.", "Choose another first word.");
  const time = text("time", 40);
  if (time !== undefined && Number.isNaN(Date.parse(time)))
    wrong("time", `"${time}" is no time.`, "Write ISO 8601, such as 2027-01-31T09:00:00Z.");
  const id = text("id", 255);
  const source = text("source", 500);
  if (source?.startsWith("/auraos") || source?.startsWith("/triggers/"))
    wrong("source", `The source ${source} is AuraOS itself.`, "Name the service that tells the event.");
  const subject = text("subject", 500);
  const extensions = extensionsOf(event, wrong);
  const complete: NewEvent = {
    specversion: "1.0",
    id: id ?? defaults.newId(),
    source: source ?? defaults.source,
    type: type ?? "",
    ...(subject === undefined ? {} : { subject }),
    time: time ?? new Date(defaults.nowMs()).toISOString(),
    ...pick(event, "datacontenttype", text("datacontenttype", 255)),
    ...pick(event, "dataschema", text("dataschema", 2000)),
    ...extensions,
    ...(event.data === undefined ? {} : { data: event.data }),
    ...(event.data_base64 === undefined ? {} : { data_base64: text("data_base64", EVENT_BYTES_MAX * 2) }),
  };
  const bytes = Buffer.byteLength(JSON.stringify(complete));
  if (bytes > EVENT_BYTES_MAX)
    wrong(
      "data",
      `The event has ${bytes} bytes; ${EVENT_BYTES_MAX} are allowed.`,
      "Store the data as a blob, and publish where it is.",
    );
  return complete;
}

function pick(event: Record<string, unknown>, field: string, value: string | undefined) {
  return event[field] === undefined || value === undefined ? {} : { [field]: value };
}

function extensionsOf(
  event: Record<string, unknown>,
  wrong: (field: string, message: string, remedy: string) => void,
): Record<string, unknown> {
  const extensions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    if (core.has(name)) continue;
    const isPlain = ["string", "number", "boolean"].includes(typeof value);
    if (!/^[a-z0-9]{1,40}$/.test(name) || name.startsWith("auraos"))
      wrong(
        name,
        `"${name.slice(0, 60)}" is no name of an extension.`,
        "Use lower-case letters and digits; put data into `data`.",
      );
    else if (!isPlain)
      wrong(name, `The extension "${name}" must be a plain value.`, "Put objects into `data`.");
    else extensions[name] = value;
  }
  return extensions;
}
