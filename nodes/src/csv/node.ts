// CSV text to items and back. Files are read with "Read file" (of the file area, or a file that came with an item).
import type { Item, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { boundText } from "../malformed.ts";
import { getPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { csvFields, formatCsv, parseCsv } from "./text.ts";

const schema = z.strictObject({
  operation: z.enum(["parse", "format"]).describe("Rows of text to items, or items to rows of text."),
  field: pathField("Parse: field with the text. Format: field for the text.").default("text"),
  ...csvFields,
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Format: columns in order. Default: all fields that occur."),
  escapeFormulas: z
    .boolean()
    .default(false)
    .describe(
      "Format: put ' before values that a spreadsheet would run as a formula. Wise for data from strangers.",
    ),
});
type Config = z.output<typeof schema>;

export const csvNode = defineNode({
  type: "csv",
  version: 1,
  name: "CSV",
  description: "Makes items of the rows of a CSV text, or one CSV text of all items.",
  icon: "table",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: { operation: "parse", field: "text", types: "infer" },
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    return config.operation === "parse" ? rows(config, call) : text(config, call);
  },
});

function rows(config: Config, call: PureCall): Outputs {
  const items: Item[] = [];
  const lineage: number[] = [];
  call.items.forEach((item, index) => {
    for (const json of parseCsv(textOf(item, config.field), config)) {
      items.push({ json });
      lineage.push(index);
    }
  });
  return { main: { items, lineage } };
}

function textOf(item: Item, field: string): string {
  const given = getPath(item.json, field);
  if (typeof given === "string") return boundText(given, field);
  throw wrongData(`"${field}" is ${show(given)}, not text.`, 'Set "field" to where the CSV text stands.');
}

function text(config: Config, call: PureCall): Outputs {
  const formatted = formatCsv(
    call.items.map((item) => item.json),
    config,
  );
  const json = { [config.field]: formatted, rows: call.items.length };
  return { main: { items: [{ json }], lineage: [call.items.map((_, index) => index)] } };
}
