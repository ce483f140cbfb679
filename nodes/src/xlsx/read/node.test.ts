import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { strToU8, zipSync } from "fflate";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { isDateFormat, isoOfSerial, rangeOf } from "../cells.ts";
import { xlsxRead } from "./node.ts";

/** As spreadsheet programs write it: shared texts with fonts, styles, gaps, prefixes, a hidden sheet. */
const workbook = (sheet: string, more: Record<string, string> = {}) => ({
  "xl/workbook.xml": `<x:workbook xmlns:x="m" xmlns:r="r"><x:workbookPr/><x:sheets>
    <x:sheet name="Notes" sheetId="1" state="hidden" r:id="rId2"/><x:sheet name="Data &amp; more" sheetId="2" r:id="rId1"/></x:sheets></x:workbook>`,
  "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
  "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-407]d&quot;. day &quot;mmm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="2"/></cellXfs></styleSheet>`,
  "xl/sharedStrings.xml": `<sst><si><t>name</t></si><si><r><t>two </t></r><r><t xml:space="preserve">fonts</t></r><rPh><t>no</t></rPh></si></sst>`,
  "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
  "xl/worksheets/sheet2.xml": `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`,
  ...more,
});
const sheet = `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>when</t></is></c><c r="D2" t="str"><f>1</f><v>sum</v></c><c r="E2" t="s"><v>0</v></c></row>
  <row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3" s="1"><v>46024</v></c><c r="D3" s="3"><f>A1+1</f><v>1.5</v></c><c r="E3" t="b"><v>1</v></c></row>
  <row r="4"/><row r="5"><c r="C5" s="2"><v>46024.75</v></c><c r="E5" t="e"><v>#N/A</v></c><c r="F5"><v>7</v></c></row>`;

async function read(files: Record<string, string>, config: JsonObject = {}) {
  const context = testContext();
  const bytes = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])),
  );
  const data = await context.blobs.put(bytes, { name: "x.xlsx", mimeType: "x" });
  return jsonOf(await runNode(xlsxRead, { config, items: [{ json: {}, files: { data } }] }, context)).main;
}

describe("rows", () => {
  it("come with their values as what they are", async () => {
    assert.deepEqual(await read(workbook(sheet), { range: "B2" }), [
      { name: "two fonts", when: "2026-01-02", sum: 1.5, name_2: true },
      { name: null, when: "2026-01-02T18:00:00", sum: null, name_2: "#N/A", column5: 7 },
    ]);
  });

  it("come from a part of the sheet, with other names, or none", async () => {
    assert.deepEqual(await read(workbook(sheet), { range: "C3:D3", header: ["a", "b"] }), [
      { a: "2026-01-02", b: 1.5 },
    ]);
    assert.deepEqual((await read(workbook(sheet), { header: false, range: "B:C" }))?.[0], {
      column1: "name",
      column2: "when",
    });
    assert.deepEqual(await read(workbook(sheet), { sheet: "notes", header: false }), [{ column1: 1 }]);
    assert.deepEqual(await read(workbook(sheet), { sheet: 1, header: false }), [{ column1: 1 }]);
  });
});

it("lists sheets, and names them when one is missing", async () => {
  assert.deepEqual(await read(workbook(sheet), { operation: "sheets" }), [
    { name: "Notes", number: 1, hidden: true },
    { name: "Data & more", number: 2, hidden: false },
  ]);
  const failure = await failureOf(() => read(workbook(sheet), { sheet: "x" }));
  assert.deepEqual(
    [failure.message, failure.remedy],
    ['The workbook has no sheet "x".', 'It has "Notes", "Data & more".'],
  );
});

it("is bounded, and says what is no workbook", async () => {
  const long = Array.from({ length: 20 }, (_, n) => `<row r="${n + 1}"><c><v>${n}</v></c></row>`).join("");
  assert.equal((await failureOf(() => read(workbook(long), { rowsMax: 5 }))).code, "ROWS_BOUND");
  assert.equal(
    (await failureOf(() => read(workbook(" ".repeat(100_000)), { bytesMax: 50_000 }))).code,
    "ARCHIVE_TOO_LARGE",
  );
  assert.match((await failureOf(() => read({ "a.txt": "x" }))).message, /no workbook/);
  assert.equal(xlsxRead.checkConfig?.({ range: "2B" })[0]?.field, "range");
});

it("knows the dates of spreadsheets", () => {
  assert.deepEqual(
    [1, 59, 61, 0.5, 45_658.5].map((serial) => isoOfSerial(serial, false)),
    ["1900-01-01", "1900-02-28", "1900-03-01", "12:00:00", "2025-01-01T12:00:00"],
  );
  assert.equal(isoOfSerial(0, true), "1904-01-01");
  assert.equal(isoOfSerial(44_927 - 1462, true), "2023-01-01");
  assert.deepEqual(
    [14, 22, 0, 4, 49].map((id) => isDateFormat(id, undefined)),
    [true, true, false, false, false],
  );
  assert.deepEqual(
    ["yyyy-mm-dd", "[h]:mm", "0.00", '#,##0 "days"', "General", "[Red]0", "\\d0"].map((code) =>
      isDateFormat(164, code),
    ),
    [true, true, false, false, false, false, false],
  );
  assert.deepEqual(rangeOf("AA10:AB20"), { firstRow: 9, firstColumn: 26, lastRow: 19, lastColumn: 27 });
});
