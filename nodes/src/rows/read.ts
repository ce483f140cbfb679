// Rows of a file of any of the known kinds, in batches, without ever holding the file: only xlsx keeps its packed bytes
// and its table of texts, as the kind demands.
import { setImmediate as breathe } from "node:timers/promises";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { Parser } from "htmlparser2";
import { type CsvOptions, columnNames, csvLines, csvRow } from "../csv/text.ts";
import { ActivityError } from "../defineNode.ts";
import { malformedText } from "../malformed.ts";
import { wrongParameter } from "../readConfig.ts";
import { openWorkbook } from "../xlsx/workbook.ts";
import { dataOf } from "../xml/asData.ts";
import type { XmlElement } from "../xml/parseXml.ts";
import { BATCH, type Row } from "./sorter.ts";

export const formats = ["csv", "ndjson", "json", "xml", "xlsx"] as const;
export type Format = (typeof formats)[number];
export type Bytes = AsyncIterable<Uint8Array>;

export type ReadOptions = CsvOptions & {
  /** Path of the element that comes once per row, such as orders.order (xml). */
  element?: string | undefined;
  sheet?: string | undefined;
  signal: AbortSignal;
};

/** One row or record larger than this is an error, characters. */
const RECORD_MAX = 16 * 1024 * 1024;
/** Unpacked, of a workbook. */
const XLSX_BYTES_MAX = 2_000_000_000;

export function formatOf(name: string, mimeType: string): Format | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === "jsonl") return "ndjson";
  if (ending === "tsv" || ending === "txt") return "csv";
  const byName = formats.find((format) => format === ending);
  return byName ?? formats.find((format) => mimeType.includes(format));
}

export function readRows(format: Format, bytes: Bytes, options: ReadOptions): AsyncIterable<Row[]> {
  switch (format) {
    case "csv":
      return readCsv(bytes, options);
    case "ndjson":
      return readNdjson(bytes);
    case "json":
      return readJson(bytes);
    case "xml":
      return readXml(bytes, options.element);
    case "xlsx":
      return readXlsx(bytes, options);
  }
}

async function* texts(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

/** Whole lines go to the parser; a line that goes on inside quotes waits for its end. */
async function* readCsv(bytes: Bytes, options: CsvOptions): AsyncGenerator<Row[]> {
  let columns = Array.isArray(options.header) ? options.header : undefined;
  let rest = "";
  let count = 0;
  // Where in `rest` the search goes on, and whether that is inside quotes.
  let at = 0;
  let isQuoted = false;
  const rowsOf = (text: string): Row[] => {
    let lines = csvLines(text, options);
    if (columns === undefined && lines.length > 0) {
      const [first = []] = lines;
      columns = options.header === true ? columnNames(first) : columnNames(first.map(() => ""));
      if (options.header === true) lines = lines.slice(1);
    }
    const known = columns ?? [];
    return lines.map((values) => {
      count += 1;
      if (!options.relaxed && values.length !== known.length)
        throw malformedText(
          `Row ${count} has ${values.length} values, the columns are ${known.length}.`,
          'Check the delimiter, or set "relaxed" if lines may differ in length.',
        );
      return csvRow(values, known, options, count - 1);
    });
  };
  for await (const text of texts(bytes)) {
    rest += text;
    let end = -1;
    for (; at < rest.length; at += 1) {
      const code = rest.charCodeAt(at);
      if (code === 34) isQuoted = !isQuoted;
      else if (code === 10 && !isQuoted) end = at;
    }
    if (end >= 0) {
      const rows = rowsOf(rest.slice(0, end + 1));
      rest = rest.slice(end + 1);
      at -= end + 1;
      if (rows.length > 0) yield rows;
    } else if (rest.length > RECORD_MAX) throw tooLong("row");
  }
  if (rest.trim() !== "") yield rowsOf(rest);
}

async function* readNdjson(bytes: Bytes): AsyncGenerator<Row[]> {
  let rest = "";
  let line = 0;
  const rowsOf = (lines: string[]): Row[] =>
    lines.flatMap((text) => {
      line += 1;
      return text.trim() === "" ? [] : [rowOf(parsed(text, `Line ${line}`))];
    });
  for await (const text of texts(bytes)) {
    rest += text;
    const end = rest.lastIndexOf("\n");
    if (end < 0) {
      if (rest.length > RECORD_MAX) throw tooLong("line");
      continue;
    }
    const lines = rest.slice(0, end).split("\n");
    rest = rest.slice(end + 1);
    for (let at = 0; at < lines.length; at += BATCH) yield rowsOf(lines.slice(at, at + BATCH));
  }
  if (rest.trim() !== "") yield rowsOf([rest]);
}

/** The elements of a list, each cut out by its brackets and quotes and then parsed. */
async function* readJson(bytes: Bytes): AsyncGenerator<Row[]> {
  let rest = "";
  let at = 0;
  let depth = 0;
  let start = -1;
  let isText = false;
  let isEscaped = false;
  let count = 0;
  let batch: Row[] = [];
  const take = (end: number) => {
    const text = rest.slice(start, end);
    start = -1;
    if (text.trim() === "") return;
    count += 1;
    batch.push(rowOf(parsed(text, `Element ${count}`)));
  };
  for await (const text of texts(bytes)) {
    rest += text;
    for (; at < rest.length; at += 1) {
      const code = rest.charCodeAt(at);
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (code === 92) isEscaped = true;
        else if (code === 34) isText = false;
      } else if (code === 34) isText = true;
      else if (code === 91 || code === 123) {
        depth += 1;
        if (depth === 1) {
          if (code === 123) throw malformedText("The JSON is one object, not a list of rows.");
          start = at + 1;
        }
      } else if (code === 93 || code === 125) {
        depth -= 1;
        if (depth === 0) take(at);
        if (depth < 0) throw malformedText("The JSON closes more than it opens.");
      } else if (code === 44 && depth === 1) {
        take(at);
        start = at + 1;
      }
    }
    // What was taken is let go.
    const keepFrom = start < 0 ? rest.length : start;
    rest = rest.slice(keepFrom);
    at -= keepFrom;
    if (start >= 0) start = 0;
    if (rest.length > RECORD_MAX) throw tooLong("element");
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (depth !== 0 || isText) throw malformedText("The JSON ends before its list is closed.");
  if (batch.length > 0) yield batch;
}

async function* readXml(bytes: Bytes, element: string | undefined): AsyncGenerator<Row[]> {
  if (element === undefined)
    throw wrongParameter("element", "is missing.", "Name the element of a row, such as orders.order.");
  const path = element.split(".");
  const open: string[] = [];
  const inside: XmlElement[] = [];
  let failure: unknown;
  let isEnding = false;
  let size = 0;
  let batch: Row[] = [];
  const isRow = () => open.length === path.length && path.every((name, place) => open[place] === name);
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        open.push(name);
        const made: XmlElement = { name, attributes: Object.entries(attributes), children: [] };
        const parent = inside.at(-1);
        if (parent !== undefined) parent.children.push(made);
        if (parent !== undefined || isRow()) inside.push(made);
        if (open.length > 200) failure ??= malformedText("The XML is deeper than 200 elements.");
      },
      ontext(text) {
        inside.at(-1)?.children.push(text);
        if (inside.length > 0) size += text.length;
        if (size > RECORD_MAX) failure ??= tooLong("element");
      },
      onclosetag(name) {
        open.pop();
        // The parser closes by itself what is still open at the end.
        if (isEnding) failure ??= malformedText(`The XML ends before <${name}> is closed.`);
        const made = inside.pop();
        if (made === undefined || inside.length > 0) return;
        size = 0;
        const value = dataOf(made, { attributes: "@", lists: [], namespaces: true })[name] as Json;
        batch.push(rowOf(value));
      },
      onprocessinginstruction(name) {
        if (name.toLowerCase() === "!doctype")
          failure ??= malformedText("The XML has a document type, which is not read.");
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for await (const text of texts(bytes)) {
    parser.write(text);
    if (failure !== undefined) throw failure;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    await breathe();
  }
  isEnding = true;
  parser.end();
  if (failure !== undefined) throw failure;
  if (batch.length > 0) yield batch;
}

/** The parser calls; rows wait in a short list until they are asked for. */
async function* readXlsx(bytes: Bytes, { header, sheet, signal }: ReadOptions): AsyncGenerator<Row[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of bytes) all.push(chunk);
  const workbook = await openWorkbook(Buffer.concat(all), XLSX_BYTES_MAX, signal);
  const found =
    sheet === undefined
      ? (workbook.sheets.find(({ isHidden }) => !isHidden) ?? workbook.sheets[0])
      : workbook.sheets.find(({ name }) => name.toLowerCase() === sheet.toLowerCase());
  if (found === undefined) throw wrongParameter("sheet", "is not in the workbook.");
  let columns = Array.isArray(header) ? header : undefined;
  for await (const batch of workbook.rowBatches(found)) {
    const rows: Row[] = [];
    for (const { cells } of batch) {
      if (cells.every((value) => value === null || value === "")) continue;
      if (columns === undefined) {
        columns = columnNames(cells.map((value) => (header === true ? String(value ?? "") : "")));
        if (header === true) continue;
      }
      const row: JsonObject = {};
      for (let place = 0; place < Math.max(cells.length, columns.length); place += 1)
        row[columns[place] ?? `column${place + 1}`] = cells[place] ?? null;
      rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
}

function parsed(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw malformedText(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Steps speak of fields, so a row that is no object becomes one. */
function rowOf(value: Json): Row {
  return isObject(value) ? (value as Row) : { value };
}

function tooLong(what: string): ActivityError {
  return new ActivityError({
    code: "TEXT_TOO_LONG",
    class: "limit",
    message: `One ${what} of the file is longer than ${RECORD_MAX / 1024 / 1024} million characters.`,
    remedy: "Look for a quote or a bracket that is not closed.",
    certainty: "notDone",
  });
}
