// The parts of a workbook as XML; a sheet comes piece by piece.
import { setImmediate as breathe } from "node:timers/promises";
import type { Json } from "@auraos/kernel";
import type { ZipEntry } from "../archive/writeZip.ts";
import type { ActivityError } from "../defineNode.ts";
import { show, wrongData } from "../readConfig.ts";
import { escapeXml } from "../xml/asData.ts";
import { lettersOf, serialOfIso } from "./cells.ts";

export type ColumnType = "auto" | "text" | "date" | "dateTime" | "money" | "percent";
export type Column = { field: string; title: string; type: ColumnType; width?: number | undefined };

/** Places in `cellXfs` of the styles below. */
const styles: Record<ColumnType, number> = { auto: 0, text: 2, date: 3, dateTime: 4, money: 5, percent: 6 };
const titleStyle = 1;
const textMax = 32_767;

export type Sheet = {
  columns: readonly Column[];
  /** In characters, of the columns that say nothing of their own. */
  widths: readonly number[];
  hasHeader: boolean;
  rows: AsyncIterable<readonly Json[]> | Iterable<readonly Json[]>;
  /** When it is known beforehand. */
  rowCount?: number;
  valueAt: (json: Json, field: string) => Json | undefined;
};

/** Rows of a sheet without its titles. */
export const rowsMax = 1_048_575;

/** A sheet piece by piece, so that the memory it takes is that of a batch. */
export async function* sheetXml(sheet: Sheet): AsyncGenerator<Uint8Array> {
  const { columns, hasHeader, rowCount } = sheet;
  const isTable = hasHeader && columns.length > 0;
  const headRows = isTable ? 1 : 0;
  const last = (rows: number) => `${lettersOf(Math.max(0, columns.length - 1))}${Math.max(1, rows)}`;
  const cols = columns.map(({ width }, place) => {
    const chosen = width ?? Math.min(60, Math.max(8, sheet.widths[place] ?? 8));
    return `<col min="${place + 1}" max="${place + 1}" width="${chosen}" customWidth="1"/>`;
  });
  yield Buffer.from(
    [
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`,
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
      rowCount === undefined ? "" : `<dimension ref="A1:${last(rowCount + headRows)}"/>`,
      `<sheetViews><sheetView workbookViewId="0">${isTable ? `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` : ""}</sheetView></sheetViews>`,
      cols.length > 0 ? `<cols>${cols.join("")}</cols>` : "",
      `<sheetData>`,
      isTable
        ? `<row r="1">${columns.map(({ title }, place) => textCell(lettersOf(place) + 1, title, titleStyle)).join("")}</row>`
        : "",
    ].join(""),
  );
  let index = 0;
  for await (const batch of sheet.rows) {
    let xml = "";
    for (const json of batch) {
      if (index === rowsMax) throw tooManyRows();
      const number = index + 1 + headRows;
      let cells = "";
      for (const [place, column] of columns.entries()) {
        const value = sheet.valueAt(json, column.field) ?? null;
        cells += cell(lettersOf(place) + number, value, column, index);
      }
      xml += `<row r="${number}">${cells}</row>`;
      index += 1;
    }
    yield Buffer.from(xml);
    await breathe();
  }
  const filter = isTable ? `<autoFilter ref="A1:${last(index + headRows)}"/>` : "";
  yield Buffer.from(`</sheetData>${filter}</worksheet>`);
}

/** Of the longest value of each column, or of its title. */
export function widthsOf(
  columns: readonly Column[],
  rows: readonly Json[],
  valueAt: Sheet["valueAt"],
): number[] {
  const widths = columns.map(({ title }) => title.length + 2);
  for (const json of rows)
    for (const [place, { field, width }] of columns.entries()) {
      if (width !== undefined) continue;
      const value = valueAt(json, field);
      widths[place] = Math.max(widths[place] ?? 0, typeof value === "string" ? value.length : 8);
    }
  return widths;
}

export function tooManyRows(): ActivityError {
  return wrongData(`The sheet would have more than ${rowsMax} rows, which is all that a sheet has room for.`);
}

function cell(at: string, value: Json, { type, field }: Column, index: number): string {
  if (value === null) return "";
  const style = styles[type];
  const styled = style === 0 ? "" : ` s="${style}"`;
  if (type === "date" || type === "dateTime") {
    const serial = typeof value === "string" ? serialOfIso(value) : undefined;
    if (serial === undefined)
      throw wrongData(`"${field}" of item ${index} is ${show(value)}, which is no ISO date after 1900.`);
    return `<c r="${at}"${styled}><v>${type === "date" ? Math.floor(serial) : serial}</v></c>`;
  }
  if (type === "money" || type === "percent") {
    if (typeof value !== "number")
      throw wrongData(`"${field}" of item ${index} is ${show(value)}, not a number.`);
    return `<c r="${at}"${styled}><v>${value}</v></c>`;
  }
  if (type === "auto" && typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  if (type === "auto" && typeof value === "boolean") return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length > textMax)
    throw wrongData(
      `"${field}" of item ${index} has ${text.length} characters; a cell has room for ${textMax}.`,
    );
  return textCell(at, text, style);
}

function textCell(at: string, text: string, style: number): string {
  const styled = style === 0 ? "" : ` s="${style}"`;
  return `<c r="${at}" t="inlineStr"${styled}><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

export function workbookFiles(
  sheets: readonly { name: string; xml: AsyncIterable<Uint8Array> }[],
): ZipEntry[] {
  const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`;
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const numbers = sheets.map((_, index) => index + 1);
  const texts: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${kind}.worksheet+xml"/>`).join("")}</Types>`,
    "_rels/.rels": `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets.map(({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packages}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${relations}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join("")}<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7">${xf(0)}${xf(0, 1)}${xf(49)}${xf(164)}${xf(165)}${xf(4)}${xf(10)}</cellXfs></styleSheet>`,
  };
  const parts = Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(head + text) }));
  return [
    ...parts,
    ...sheets.map(({ xml }, index) => ({
      path: `xl/worksheets/sheet${index + 1}.xml`,
      bytes: xml,
    })),
  ];
}

function xf(format: number, font = 0): string {
  return `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`;
}
