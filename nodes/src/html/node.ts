// Data out of HTML: by CSS selectors, as rows of a table, or as readable text.
import type { ConfigProblem, Item, Json, JsonObject, PureCall } from "@auraos/kernel";
import type { Element, ParentNode } from "domhandler";
import { getInnerHTML } from "domutils";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { textAt, withField } from "../fieldValues.ts";
import { boundText } from "../malformed.ts";
import { fieldsOf, setPath } from "../paths.ts";
import { readConfig, wrongData, wrongParameter } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { parseHtml, select } from "./parse.ts";
import { readableText, tableRows } from "./readable.ts";

const selectorText = (description: string) => z.string().min(1).max(1000).describe(description);

const schema = z.strictObject({
  operation: z
    .enum(["extract", "text", "table"])
    .default("extract")
    .describe("Values by selectors; what a reader sees, as text; or one item per row of a table."),
  field: pathField("Field with the HTML.").default("text"),
  each: selectorText(
    "Extract: one item per element that this selector finds. Default: one item for the whole page.",
  ).optional(),
  values: z
    .array(
      z.strictObject({
        as: pathField("Field for the value."),
        selector: selectorText(
          "Which element, such as h2 > a. Default: the element of each itself.",
        ).optional(),
        get: z
          .enum(["text", "attribute", "html", "exists", "count"])
          .default("text")
          .describe("What is taken of the element."),
        attribute: z.string().min(1).optional().describe("Which attribute, such as href."),
        all: z.boolean().default(false).describe("A list of all elements found, instead of the first."),
        required: z.boolean().default(false).describe("Stop when nothing is found, instead of giving null."),
      }),
    )
    .min(1)
    .optional()
    .describe("Extract: values of an item."),
  selector: selectorText(
    "Text and table: which part of the page. Default: the whole page, and the first table.",
  ).optional(),
  header: z.boolean().default(true).describe("Table: its first row names the fields."),
  base: z.string().optional().describe("Address of the page: makes links and sources complete addresses."),
  keep: z.boolean().default(false).describe("Extract and table: keep the other fields of the item."),
  into: pathField("Text: field for the text. Default: plainText.").default("plainText"),
});
type Config = z.output<typeof schema>;
type Wanted = NonNullable<Config["values"]>[number];

export const htmlNode = defineNode({
  type: "html",
  version: 1,
  name: "HTML",
  description:
    "Takes values out of HTML by CSS selectors, rows out of tables, or the text that a reader sees.",
  icon: "file-search",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: {
    field: "body",
    each: "article.product",
    values: [
      { as: "name", selector: "h2" },
      { as: "link", selector: "a", get: "attribute", attribute: "href" },
    ],
    base: "https://shop.example/",
  },
  checkConfig: checkValues,
  evaluate: (call) => ({ main: { items: itemsOf(call, readConfig(schema, call.config)) } }),
});

function checkValues(config: JsonObject): ConfigProblem[] {
  const isExtract = config.operation === undefined || config.operation === "extract";
  if (isExtract && config.values === undefined)
    return [{ field: "values", code: "FIELD_MISSING", message: 'Extracting needs "values".' }];
  const values = Array.isArray(config.values) ? (config.values as JsonObject[]) : [];
  return values.flatMap((one, index) => {
    if (one.get !== "attribute" || one.attribute !== undefined) return [];
    const field = `values.${index}.attribute`;
    return [{ field, code: "FIELD_MISSING", message: "Say which attribute." }];
  });
}

function itemsOf(call: PureCall, config: Config): Item[] {
  const item = call.items[0] as Item;
  const page = parseHtml(boundText(textAt(item, config.field), config.field));
  if (config.operation === "text") {
    const parts: ParentNode[] =
      config.selector === undefined ? [page] : select(page, config.selector, "selector");
    return [withField(item, config.into, parts.map((part) => readableText(part.children)).join("\n\n"))];
  }
  const rest = config.keep ? { ...fieldsOf(item.json) } : {};
  if (config.operation === "table")
    return tableItems(page, config).map((row) => ({ json: { ...rest, ...row } }));
  const places: ParentNode[] = config.each === undefined ? [page] : select(page, config.each, "each");
  return places.map((place) => ({ json: valuesOf(place, config, { ...rest }) }));
}

function valuesOf(place: ParentNode, config: Config, json: JsonObject): JsonObject {
  if (!config.values) throw wrongParameter("values", "is missing.");
  config.values.forEach((wanted, index) => {
    const found =
      wanted.selector === undefined
        ? elementsOf(place)
        : select(place, wanted.selector, `values.${index}.selector`);
    if (found.length === 0 && wanted.required) {
      throw wrongData(
        `Nothing on the page fits "${wanted.selector ?? config.each ?? ""}", needed for "${wanted.as}".`,
      );
    }
    setPath(json, wanted.as, valueFor(found, wanted, config, index));
  });
  return json;
}

function elementsOf(place: ParentNode): Element[] {
  return "attribs" in place
    ? [place as Element]
    : (place.children.filter((child) => "attribs" in child) as Element[]);
}

function valueFor(found: Element[], wanted: Wanted, config: Config, index: number): Json {
  if (wanted.get === "exists") return found.length > 0;
  if (wanted.get === "count") return found.length;
  const value = (element: Element): Json => {
    if (wanted.get === "text") return readableText(element.children);
    if (wanted.get === "html") return getInnerHTML(element);
    if (wanted.attribute === undefined) throw wrongParameter(`values.${index}.attribute`, "is missing.");
    return attributeOf(element, wanted.attribute, config.base);
  };
  if (wanted.all) return found.map(value);
  const [first] = found;
  return first ? value(first) : null;
}

function attributeOf(element: Element, name: string, base: string | undefined): string | null {
  const given = element.attribs[name.toLowerCase()];
  if (given === undefined) return null;
  if (base === undefined || !/^(href|src|action|poster)$/i.test(name)) return given;
  return URL.canParse(given, base) ? new URL(given, base).href : given;
}

function tableItems(page: ParentNode, { selector = "table", header }: Config): JsonObject[] {
  const [table] = select(page, selector, "selector");
  if (!table) throw wrongData(`There is no "${selector}" on the page.`);
  if (table.name !== "table") throw wrongParameter("selector", `finds <${table.name}>, not a table.`);
  const rows = tableRows(table).map((cells) => cells.map((cell) => readableText(cell.children)));
  const names = header ? columnNames(rows.shift() ?? []) : [];
  return rows
    .filter((row) => row.length > 0)
    .map((row) => Object.fromEntries(row.map((text, place) => [names[place] ?? `column${place + 1}`, text])));
}

function columnNames(cells: string[]): string[] {
  const names: string[] = [];
  for (const [index, text] of cells.entries()) {
    const name = text === "" || text === "__proto__" ? `column${index + 1}` : text;
    let unique = name;
    for (let again = 2; names.includes(unique); again++) unique = `${name}_${again}`;
    names.push(unique);
  }
  return names;
}
