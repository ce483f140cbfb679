// Dates read, moved, compared and written, with right zones and summer times.
import type { ConfigProblem, Item, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { changeFields, fieldChoice, withField } from "../fieldValues.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";
import { applySteps, dateStep, zoneText } from "./steps.ts";
import { isZone } from "./zone.ts";

const schema = z.strictObject({
  ...fieldChoice,
  fields: fieldChoice.fields
    .optional()
    .describe("Fields that hold dates. Default: the time of the run, written to into."),
  zone: zoneText
    .optional()
    .describe("Zone of times without an offset, and of the result. Default: that of the workflow."),
  steps: z
    .array(dateStep)
    .default([])
    .describe("What is done, one step after another. Without steps: ISO 8601 text."),
});

export const dateNode = defineNode({
  type: "date",
  version: 1,
  name: "Date",
  description: "Reads, moves, compares and writes dates and times, in any zone and language.",
  icon: "calendar-clock",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATE_RANGE"]),
  schema,
  example: {
    fields: ["invoiceDate"],
    into: "dueDate",
    zone: "Europe/Berlin",
    steps: [
      { operation: "add", days: 30 },
      { operation: "format", pattern: "dd.MM.yyyy" },
    ],
  },
  checkConfig: needsPlace,
  evaluate: change,
});

function needsPlace(config: JsonObject): ConfigProblem[] {
  if (config.fields !== undefined || config.into !== undefined) return [];
  return [
    {
      field: "into",
      code: "FIELD_MISSING",
      message: 'Give "fields" with dates, or "into" for the time of the run.',
    },
  ];
}

function change(call: PureCall): Outputs {
  const { fields, into, whenMissing, steps, zone: given } = readConfig(schema, call.config);
  const zone = given ?? (isZone(call.zone) ? call.zone : "UTC");
  const item = call.items[0] as Item;
  const about = { zone, nowMs: call.nowMs };
  if (fields) {
    return changeFields(item, { fields, into, whenMissing }, (value, field) =>
      applySteps(value, steps, { ...about, field }),
    );
  }
  if (into === undefined) throw wrongParameter("into", "is missing.");
  return {
    main: { items: [withField(item, into, applySteps(call.nowMs, steps, { ...about, field: "now" }))] },
  };
}
