// Rows of a workbook, in batches; its table of texts is kept, as the kind demands, and its packed bytes only where they
// cannot be read by parts.
import type { JsonObject } from "@auraos/kernel";
import { type ZipSource, zipOfBytes } from "../archive/zip.ts";
import { type CsvOptions, columnNames } from "../csv/text.ts";
import { wrongParameter } from "../readConfig.ts";
import { openWorkbook } from "../xlsx/workbook.ts";
import type { Row } from "./sorter.ts";
import type { Bytes } from "./text.ts";

/** Unpacked, of a workbook. */
const XLSX_BYTES_MAX = 2_000_000_000;

type XlsxOptions = Pick<CsvOptions, "header"> & {
  sheet?: string | undefined;
  zip?: ZipSource;
  signal: AbortSignal;
};

/** The parser calls; rows wait in a short list until they are asked for. */
export async function* readXlsx(
  bytes: Bytes,
  { header, sheet, zip, signal }: XlsxOptions,
): AsyncGenerator<Row[]> {
  const workbook = await openWorkbook(zip ?? (await heldOf(bytes)), XLSX_BYTES_MAX, signal);
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

async function heldOf(bytes: Bytes): Promise<ZipSource> {
  const all: Uint8Array[] = [];
  for await (const chunk of bytes) all.push(chunk);
  return zipOfBytes(Buffer.concat(all));
}
