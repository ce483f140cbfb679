// Tables file to file: every step against a plain computation of the same, within memory and beyond it, and files that
// are not what they should be.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { FileRef, Item, JsonObject } from "@auraos/kernel";
import type { ActivityContext } from "../defineNode.ts";
import { failureOf, runNode, testContext } from "../testing.ts";
import { rowsNode } from "./node.ts";
import { type Format, readRows } from "./read.ts";
import type { Row, Sorter } from "./sorter.ts";
import { type Step, stepSchema } from "./stepSchema.ts";
import { apply } from "./steps.ts";
import type { Bytes } from "./text.ts";

const scratch = mkdtempSync(join(tmpdir(), "auraos-rows-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Files in memory; what the node writes can be read as text. */
function world(files: Record<string, string | Uint8Array>) {
  const blobs = new Map<string, Uint8Array>();
  const refs: Record<string, FileRef> = {};
  for (const [path, content] of Object.entries(files)) {
    const [name = ""] = path.split(".");
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    blobs.set(path, bytes);
    refs[name] = { blob: path, name: path, mimeType: "", bytes: bytes.length };
  }
  const context: Partial<ActivityContext> = {
    ...testContext(),
    scratch,
    blobs: {
      async put(bytes, about) {
        const all: Uint8Array[] = [];
        for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) all.push(chunk);
        const whole = Buffer.concat(all);
        blobs.set(about.name, whole);
        return { blob: about.name, ...about, bytes: whole.length };
      },
      get: async ({ blob }) => blobs.get(blob) ?? new Uint8Array(),
      async *stream({ blob }, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) {
        const bytes = (blobs.get(blob) ?? new Uint8Array()).subarray(start, end + 1);
        // Pieces that cut through rows, quotes and characters.
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
      },
    },
  };
  const item: Item = { json: {}, files: refs };
  return {
    async run(config: JsonObject): Promise<string> {
      const { main } = await runNode(rowsNode, { items: [item as never], config }, context);
      const [made] = main?.items ?? [];
      const { data } = made?.files ?? {};
      if (data) refs.made = data;
      return Buffer.from(blobs.get(data?.blob ?? "") ?? "").toString("utf8");
    },
  };
}

test("csv, json, ndjson and xml give the same rows, however the bytes are cut", async () => {
  const rows = [
    { id: "1", name: "Zoë, the first", note: 'says "hi"\nand more' },
    { id: "2", name: "日本", note: "" },
  ];
  const csv = 'id,name,note\r\n1,"Zoë, the first","says ""hi""\nand more"\r\n2,日本,\r\n';
  const xml = `<list><meta>x</meta><row><id>1</id><name>Zoë, the first</name><note>says &quot;hi&quot;\nand more</note></row><row><id>2</id><name>日本</name><note/></row></list>`;
  const files = {
    "csv.csv": csv,
    "json.json": JSON.stringify(rows, null, 2),
    "lines.ndjson": rows.map((row) => JSON.stringify(row)).join("\n"),
    "xml.xml": xml,
  };
  for (const file of ["csv", "json", "lines", "xml"]) {
    const made = await world(files).run({ file, output: "json", element: "list.row" });
    assert.deepEqual(JSON.parse(made), rows, file);
  }
  assert.equal(await world(files).run({ file: "json" }), csv.replaceAll("\r\n", "\n"));
});

test("filter, join, aggregate and sort, as the example has them", async () => {
  const files = {
    "orders.csv":
      "id,customerId,status,amount\n1,a,paid,0.1\n2,b,paid,5\n3,a,open,9\n4,a,paid,0.2\n5,c,paid,7\n",
    "customers.ndjson": '{"id":"a","country":"NO"}\n{"id":"b","country":"EG"}\n{"id":"c","country":"EG"}\n',
  };
  const made = await world(files).run({ ...rowsNode.example, output: "json" });
  assert.deepEqual(JSON.parse(made), [
    { country: "EG", revenue: 12 },
    { country: "NO", revenue: 0.3 },
  ]);
});

const steps: Record<string, Step> = Object.fromEntries(
  [
    { do: "sort", by: [{ field: "n" }, { field: "id", order: "descending" }] },
    { do: "dedupe", fields: ["n"] },
    { do: "dedupe", fields: ["n"], keep: "last" },
    { do: "dedupe" },
    {
      do: "aggregate",
      groupBy: ["n"],
      fields: [
        { operation: "count", as: "count" },
        { operation: "sum", field: "price", as: "sum" },
        { operation: "average", field: "price", as: "mean", decimals: 3 },
        { operation: "min", field: "id", as: "min" },
        { operation: "max", field: "id", as: "max" },
        { operation: "first", field: "id", as: "first" },
        { operation: "last", field: "id", as: "last" },
      ],
    },
    { do: "join", file: "other", on: [{ field: "n", other: "k" }], keep: "all" },
    { do: "join", file: "other", on: [{ field: "n", other: "k" }], take: ["text"] },
    { do: "limit", rows: 100, skip: 950 },
  ].map((step, place) => [`${place} ${step.do}`, stepSchema.parse(step)]),
);

/** Rows of a fixed sequence, so that every run sees the same. */
function sample(count: number): Row[] {
  let seed = 42;
  return Array.from({ length: count }, (_, id) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const n = seed % 300;
    return { id, n: n % 7 === 0 ? null : n, price: (seed % 1000) / 100, text: `row ${n} é` };
  });
}

async function* batches(rows: Row[]): AsyncGenerator<Row[]> {
  for (let at = 0; at < rows.length; at += 97) yield rows.slice(at, at + 97);
}

for (const [name, step] of Object.entries(steps))
  test(`${name}: the same within memory and beyond it`, async () => {
    const rows = sample(3_000);
    const other = sample(500).map(({ n, text }, place) => ({ k: n ?? null, place, text: text ?? null }));
    const results: Row[][] = [];
    for (const memoryBytes of [1e9, 8_000]) {
      const sorters: Sorter[] = [];
      const made: Row[] = [];
      const stream = apply(batches(rows), step, {
        scratch,
        signal: new AbortController().signal,
        open: () => batches(other),
        keep(sorter) {
          sorters.push(sorter);
          return sorter;
        },
        memoryBytes,
      });
      for await (const batch of stream) made.push(...batch);
      for (const sorter of sorters) sorter.close();
      results.push(made);
    }
    assert.ok((results[0]?.length ?? 0) > 0);
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(readdirSync(scratch), [], "nothing is left on the disk");
  });

test("sums are exact, groups come in the order of their first row", async () => {
  const [step] = [steps["4 aggregate"] as Step];
  const made: Row[] = [];
  for await (const batch of apply(batches(sample(3_000)), step, {
    scratch,
    signal: new AbortController().signal,
    open: () => batches([]),
    keep: (sorter) => sorter,
  }))
    made.push(...batch);
  const first = sample(3_000).filter(({ n }) => n === made[0]?.n);
  const cents = first.reduce((sum, { price }) => sum + Math.round(Number(price) * 100), 0);
  assert.deepEqual([made[0]?.count, made[0]?.sum, made[0]?.first], [first.length, cents / 100, 0]);
});

const bad: [string, Format, string, RegExp][] = [
  ["a row that is too short", "csv", "a,b\n1,2\n3\n", /Row 2 has 1 values|Invalid Record Length/],
  ["JSON that is no list", "json", '{"a":1}', /one object, not a list/],
  ["JSON that is cut off", "json", '[{"a":1},{"a":', /ends before its list is closed/],
  ["a broken line", "ndjson", '{"a":1}\n{"a":\n', /Line 2 is not JSON/],
  ["a document type", "xml", '<!DOCTYPE x [<!ENTITY e "x">]><l><r>&e;</r></l>', /document type/],
  ["XML that is cut off", "xml", "<l><r><a>1</a>", /ends before/],
  ["what is no workbook", "xlsx", "PK nothing", /cannot be unpacked/],
];

for (const [name, format, text, expected] of bad)
  test(`refused: ${name}`, async () => {
    const bytes = async function* (): Bytes & AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    };
    const failure = await failureOf(async () => {
      const options = { header: true, delimiter: ",", relaxed: false, element: "l.r" };
      for await (const _ of readRows(format, bytes(), { ...options, signal: new AbortController().signal }));
    });
    assert.match(failure.message, expected);
    assert.equal(failure.certainty, "notDone");
  });

test("a workbook is written row by row, and read back by its parts", async () => {
  const rows = sample(2_500).map(({ n, price }) => ({ n, price, ok: true, text: "=1+1 <b>" }));
  const files = world({ "a.json": JSON.stringify(rows) });
  await files.run({ file: "a", output: "xlsx" });
  assert.deepEqual(JSON.parse(await files.run({ file: "made", output: "json" })), rows);
  await files.run({ file: "a", output: "xlsx", columns: ["text", "n"] });
  assert.match(await files.run({ file: "made", output: "csv" }), /^text,n\r?\n=1\+1 <b>,/);
  const none = world({ "a.json": "[]" });
  await none.run({ file: "a", output: "xlsx" });
  assert.deepEqual(JSON.parse(await none.run({ file: "made", output: "json" })), []);
});

const latin = (text: string) => Buffer.from(text, "latin1");
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

test("text is read as it says it is written, or as the node says", async () => {
  const rows = [{ name: "Zoë", city: "Málaga" }];
  const csv = "name,city\nZoë,Málaga\n";
  const read = async (file: string, bytes: Uint8Array, config: JsonObject = {}) =>
    JSON.parse(await world({ [file]: bytes }).run({ file: "a", output: "json", ...config })) as unknown;
  assert.deepEqual(await read("a.csv", utf16(csv)), rows);
  assert.deepEqual(await read("a.csv", utf16(csv).swap16()), rows);
  assert.deepEqual(await read("a.json", utf16(JSON.stringify(rows))), rows);
  assert.deepEqual(await read("a.csv", latin(csv), { encoding: "windows-1252" }), rows);
  assert.deepEqual(await read("a.csv", Buffer.from(`\ufeff${csv}`)), rows);
  const xml = `<?xml version="1.0" encoding="ISO-8859-1"?><l><r><name>Zoë</name><city>Málaga</city></r></l>`;
  assert.deepEqual(await read("a.xml", latin(xml), { element: "l.r" }), rows);
});

test("bytes that are no text of this kind are an error with their place, never text with holes", async () => {
  const long = `name\n${"plain\n".repeat(100)}`;
  for (const [file, bytes, encoding] of [
    ["a.csv", latin(`${long}Zoë\n`), "auto"],
    ["a.csv", Buffer.from(`${long}caf\u00e9`).subarray(0, -1), "auto"],
    ["a.ndjson", latin('{"name":"Zoë"}\n'), "auto"],
    ["a.csv", utf16(long).subarray(0, -1), "utf-16le"],
  ] as const) {
    const failure = await failureOf(() => world({ [file]: bytes }).run({ file: "a", encoding }));
    assert.deepEqual([failure.code, failure.class, failure.certainty], ["DATA_MALFORMED", "data", "notDone"]);
    assert.match(failure.message, /not text in UTF-(8|16LE): what stands after byte \d+/);
    assert.match(failure.remedy ?? "", /"encoding"/);
  }
});

test("a missing file and an unknown kind are said with the name", async () => {
  const missing = await failureOf(() => world({ "a.csv": "x\n" }).run({ file: "b" }));
  assert.match(`${missing.message} ${missing.remedy}`, /no file "b".*It has a/s);
  const unknown = await failureOf(() => world({ "a.bin": "x" }).run({ file: "a" }));
  assert.equal(unknown.field, "format");
});
