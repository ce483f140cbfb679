// Rows as the bytes of a file, batch by batch.
import type { Json } from "@auraos/kernel";
import { formatCsv } from "../csv/text.ts";
import type { Batches } from "./batches.ts";

export const outputFormats = ["csv", "ndjson", "json"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const mimeTypes: Record<OutputFormat, string> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  json: "application/json",
};

type Options = { columns?: string[] | undefined; escapeFormulas: boolean; onRows(count: number): void };

export async function* writeRows(
  format: OutputFormat,
  rows: Batches,
  options: Options,
): AsyncGenerator<Uint8Array> {
  if (format === "csv") yield* writeCsv(rows, options);
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
