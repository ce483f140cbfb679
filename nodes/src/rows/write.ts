// Rows as the bytes of a file, batch by batch.
import type { Json, JsonObject } from "@auraos/kernel";
import { zipStream } from "../archive/writeZip.ts";
import { formatCsv } from "../csv/text.ts";
import { sheetXml, widthsOf, workbookFiles } from "../xlsx/sheetXml.ts";
import type { Batches } from "./batches.ts";
import type { Row } from "./sorter.ts";

export const outputFormats = ["csv", "ndjson", "json", "xlsx"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const mimeTypes: Record<OutputFormat, string> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

type Options = {
  columns?: string[] | undefined;
  escapeFormulas: boolean;
  /** Time that stands in the file (xlsx). */
  nowMs: number;
  onRows(count: number): void;
};

export async function* writeRows(
  format: OutputFormat,
  rows: Batches,
  options: Options,
): AsyncGenerator<Uint8Array> {
  if (format === "csv") yield* writeCsv(rows, options);
  else if (format === "xlsx") yield* writeXlsx(rows, options);
  else if (format === "ndjson") yield* writeLines(rows, options, "", "\n", "\n");
  else yield* writeLines(rows, options, "[\n", ",\n", "\n]\n");
}

/** The columns are those of the first row, unless they are named: a file has one head. */
async function* writeCsv(rows: Batches, options: Options): AsyncGenerator<Uint8Array> {
  let { columns } = options;
  let isFirst = true;
  for await (const batch of rows) {
    columns ??= Object.keys(batch[0] ?? {});
    const { escapeFormulas } = options;
    yield Buffer.from(formatCsv(batch, { header: isFirst, delimiter: ",", columns, escapeFormulas }));
    isFirst = false;
    options.onRows(batch.length);
  }
  if (isFirst && columns !== undefined)
    yield Buffer.from(formatCsv([], { header: true, delimiter: ",", columns, escapeFormulas: false }));
}

/** One sheet. Its columns are as in a CSV file, and as wide as the first rows ask for. */
async function* writeXlsx(rows: Batches, { columns, nowMs, onRows }: Options): AsyncGenerator<Uint8Array> {
  const all = rows[Symbol.asyncIterator]();
  let next = await all.next();
  while (next.done !== true && next.value.length === 0) next = await all.next();
  const first = next.done === true ? [] : next.value;
  const fields = columns ?? Object.keys(first[0] ?? {});
  const asColumns = fields.map((field) => ({ field, title: field, type: "auto" as const }));
  const valueAt = (row: Json, field: string) => (row as JsonObject)[field];
  async function* batches(): AsyncGenerator<Row[]> {
    try {
      for (; next.done !== true; next = await all.next()) {
        onRows(next.value.length);
        yield next.value;
      }
    } finally {
      await all.return?.();
    }
  }
  const xml = sheetXml({
    columns: asColumns,
    widths: widthsOf(asColumns, first, valueAt),
    hasHeader: true,
    rows: batches(),
    valueAt,
  });
  yield* zipStream(workbookFiles([{ name: "Sheet1", xml }]), nowMs);
}

async function* writeLines(
  rows: Batches,
  { onRows }: Options,
  begin: string,
  between: string,
  end: string,
): AsyncGenerator<Uint8Array> {
  let lead = begin;
  for await (const batch of rows) {
    if (batch.length === 0) continue;
    yield Buffer.from(lead + batch.map((row) => JSON.stringify(row as Json)).join(between));
    lead = between;
    onRows(batch.length);
  }
  if (lead === between) yield Buffer.from(end);
  else if (begin !== "") yield Buffer.from("[]\n");
}
