// Reads workbooks: which sheets there are, and the rows of one. Sheets are read piece by piece, so that a long one
// does not hold up everything else.
import { setImmediate as breathe } from "node:timers/promises";
import type { Json } from "@auraos/kernel";
import { Parser } from "htmlparser2";
import { broken, tooMuch } from "../archive/failures.ts";
import { readZip, type ZipIndex } from "../archive/readZip.ts";
import type { ZipSource } from "../archive/zip.ts";
import { columnOf, isDateFormat, isoOfSerial } from "./cells.ts";

export type Sheet = { name: string; isHidden: boolean; path: string };
export type Row = { number: number; cells: Json[] };
export type Workbook = {
  sheets: Sheet[];
  rows(sheet: Sheet, visit: (row: Row) => boolean): Promise<void>;
  rowBatches(sheet: Sheet): AsyncGenerator<Row[]>;
};

type Handlers = {
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  /** False ends the reading. */
  close?: (name: string) => boolean | undefined;
};

export async function openWorkbook(
  source: ZipSource,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Workbook> {
  const files = new Map<string, ZipIndex>(
    (await readZip(source, 10_000)).map((entry) => [entry.path.replace(/^\//, ""), entry]),
  );
  let left = bytesMax;
  const { sheets, is1904 } = await readSheets();
  const dateStyles = await readStyles();
  const strings = await readStrings();
  return { sheets, rows, rowBatches };

  async function parse(path: string, handlers: Handlers): Promise<void> {
    const all = pieces(path, handlers);
    while (!(await all.next()).done);
  }

  /** Stops after each piece, so that whoever asks decides how fast it goes. */
  async function* pieces(path: string, handlers: Handlers): AsyncGenerator<void> {
    const entry = files.get(path);
    if (!entry) return;
    if (entry.size > left) throw tooMuch(bytesMax);
    let goesOn = true;
    const parser = new Parser(
      {
        onopentag: (name, attributes) => goesOn && handlers.open?.(local(name), attributes),
        ontext: (part) => goesOn && handlers.text?.(part),
        onclosetag: (name) => {
          if (goesOn && handlers.close?.(local(name)) === false) goesOn = false;
        },
      },
      { xmlMode: true, decodeEntities: true },
    );
    const decoder = new TextDecoder();
    for await (const piece of entry.stream(left)) {
      if (signal.aborted) throw signal.reason;
      parser.write(decoder.decode(piece, { stream: true }));
      if (!goesOn) break;
      await breathe();
      yield;
    }
    left -= entry.size;
    parser.end();
  }

  async function readSheets(): Promise<{ sheets: Sheet[]; is1904: boolean }> {
    if (!files.has("xl/workbook.xml")) throw broken("it is no workbook (.xlsx)");
    const targets = new Map<string, string>();
    await parse("xl/_rels/workbook.xml.rels", {
      open: (name, { Id = "", Target = "" }) => {
        if (name === "Relationship")
          targets.set(Id, Target.startsWith("/") ? Target.slice(1) : `xl/${Target}`);
      },
    });
    const found: Sheet[] = [];
    let is1904 = false;
    await parse("xl/workbook.xml", {
      open: (name, attributes) => {
        if (name === "workbookPr") is1904 = /^(1|true)$/.test(attributes.date1904 ?? "");
        if (name !== "sheet") return;
        const id =
          Object.entries(attributes).find(([key]) => local(key) === "id" && key.includes(":"))?.[1] ?? "";
        const path = targets.get(id);
        if (path !== undefined && files.has(path))
          found.push({
            name: attributes.name ?? "",
            isHidden: attributes.state !== undefined && attributes.state !== "visible",
            path,
          });
      },
    });
    return { sheets: found, is1904 };
  }

  async function readStyles(): Promise<boolean[]> {
    const codes = new Map<number, string>();
    const styles: boolean[] = [];
    let isInside = false;
    await parse("xl/styles.xml", {
      open: (name, { numFmtId = "0", formatCode }) => {
        if (name === "numFmt" && formatCode !== undefined) codes.set(Number(numFmtId), formatCode);
        if (name === "cellXfs") isInside = true;
        if (name === "xf" && isInside)
          styles.push(isDateFormat(Number(numFmtId), codes.get(Number(numFmtId))));
      },
      close: (name) => {
        if (name === "cellXfs") isInside = false;
        return true;
      },
    });
    return styles;
  }

  /** Runs of a text with several fonts belong together; phonetic hints do not. */
  async function readStrings(): Promise<string[]> {
    const found: string[] = [];
    let text = "";
    let isText = false;
    let isHint = false;
    await parse("xl/sharedStrings.xml", {
      open: (name) => {
        if (name === "si") text = "";
        else if (name === "rPh") isHint = true;
        else if (name === "t") isText = !isHint;
      },
      text: (part) => {
        if (isText) text += part;
      },
      close: (name) => {
        if (name === "si") found.push(text);
        else if (name === "rPh") isHint = false;
        else if (name === "t") isText = false;
        return true;
      },
    });
    return found;
  }

  /** For sheets of any length: no more of the file is read than the rows that are taken ask for. */
  async function* rowBatches(sheet: Sheet): AsyncGenerator<Row[]> {
    let batch: Row[] = [];
    const handlers = rowHandlers((row) => {
      batch.push(row);
      return true;
    });
    for await (const _piece of pieces(sheet.path, handlers)) {
      if (batch.length === 0) continue;
      const taken = batch;
      batch = [];
      yield taken;
    }
    if (batch.length > 0) yield batch;
  }

  /** `visit` gives false when it has seen enough. */
  function rows(sheet: Sheet, visit: (row: Row) => boolean): Promise<void> {
    return parse(sheet.path, rowHandlers(visit));
  }

  function rowHandlers(visit: (row: Row) => boolean): Handlers {
    let row: Row = { number: -1, cells: [] };
    let column = -1;
    let about: Record<string, string> = {};
    let text = "";
    let isValue = false;
    return {
      open: (name, attributes) => {
        if (name === "row") {
          row = { number: attributes.r === undefined ? row.number + 1 : Number(attributes.r) - 1, cells: [] };
          column = -1;
        } else if (name === "c") {
          about = attributes;
          const letters = /^[A-Z]{1,3}/i.exec(attributes.r ?? "")?.[0];
          column = letters === undefined ? column + 1 : columnOf(letters);
          text = "";
        } else if (name === "v" || name === "t") isValue = true;
      },
      text: (part) => {
        if (isValue) text += part;
      },
      close: (name) => {
        if (name === "v" || name === "t") isValue = false;
        else if (name === "c" && column < 16_384) row.cells[column] = valueOfCell(text, about);
        else if (name === "row") {
          return visit({ number: row.number, cells: Array.from(row.cells, (cell) => cell ?? null) });
        }
        return true;
      },
    };
  }

  function valueOfCell(text: string, { t = "n", s = "0" }: Record<string, string>): Json {
    if (t === "s") return strings[Number(text)] ?? null;
    if (t === "inlineStr" || t === "str" || t === "e") return text;
    if (text === "") return null;
    if (t === "b") return text === "1" || text === "true";
    if (t === "d") return text;
    const number = Number(text);
    if (!Number.isFinite(number)) return text;
    return (dateStyles[Number(s)] && isoOfSerial(number, is1904)) || number;
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
