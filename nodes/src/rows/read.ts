// Rows of a file of any of the known kinds, in batches, without ever holding the file.
import { isObject, type Json } from "@auraos/kernel";
import type { ZipSource } from "../archive/zip.ts";
import type { CsvOptions } from "../csv/text.ts";
import { readCsv } from "./readCsv.ts";
import { readJson, readNdjson } from "./readJson.ts";
import { readXlsx } from "./readXlsx.ts";
import { readXml } from "./readXml.ts";
import type { Row } from "./sorter.ts";
import type { Bytes } from "./text.ts";

export const formats = ["csv", "ndjson", "json", "xml", "xlsx"] as const;
export type Format = (typeof formats)[number];

export type ReadOptions = CsvOptions & {
  /** Path of the element that comes once per row, such as orders.order (xml). */
  element?: string | undefined;
  sheet?: string | undefined;
  /** The same file by parts, where it can be read so (xlsx). */
  zip?: ZipSource;
  signal: AbortSignal;
};

export function formatOf(name: string, mimeType: string): Format | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === "jsonl") return "ndjson";
  if (ending === "tsv" || ending === "txt") return "csv";
  const byName = formats.find((format) => format === ending);
  return byName ?? formats.find((format) => mimeType.includes(format));
}

export async function* readRows(format: Format, bytes: Bytes, options: ReadOptions): AsyncGenerator<Row[]> {
  for await (const batch of readValues(format, bytes, options)) yield batch.map(rowOf);
}

/** As they stand in the file: an element of a list may be a number. */
function readValues(format: Format, bytes: Bytes, options: ReadOptions): AsyncIterable<Json[]> {
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

/** Steps speak of fields, so a row that is no object becomes one. */
function rowOf(value: Json): Row {
  return isObject(value) ? (value as Row) : { value };
}
