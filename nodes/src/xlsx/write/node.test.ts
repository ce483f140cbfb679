import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { XMLValidator } from "fast-xml-parser";
import { strFromU8, unzipSync } from "fflate";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { xlsxRead } from "../read/node.ts";
import { xlsxWrite } from "./node.ts";

const context = testContext();
const write = async (config: JsonObject, items: Json[]) =>
  (await runNode(xlsxWrite, { config, items: items.map((json) => ({ json })) }, context)).main?.items[0] ?? {
    json: null,
  };
const read = async (config: JsonObject, item: Awaited<ReturnType<typeof write>>) =>
  jsonOf(await runNode(xlsxRead, { config, items: [item] }, context)).main;

const rows: JsonObject[] = [
  { name: "=1+1", n: 1.5, ok: true, at: "2026-01-02", deep: { a: [1] } },
  { name: 'A <b> & "c"\nnext  ', n: -3, ok: false, at: "2026-01-02T12:30:00Z", more: null },
];

it("writes what is read back, each value as what it is", async () => {
  const made = await write({}, rows);
  assert.deepEqual(await read({}, made), [
    { name: "=1+1", n: 1.5, ok: true, at: "2026-01-02", deep: '{"a":[1]}', more: null },
    { name: 'A <b> & "c"\nnext  ', n: -3, ok: false, at: "2026-01-02T12:30:00Z", deep: null, more: null },
  ]);
  const typed = {
    columns: [
      "name",
      { field: "at", title: "When", type: "dateTime" },
      { field: "n", type: "money", width: 20 },
    ],
  };
  assert.deepEqual((await read({}, await write(typed, rows)))?.[1], {
    name: rows[1]?.name,
    When: "2026-01-02T12:30:00",
    n: -3,
  });
});

it("writes well-formed parts, without formulas", async () => {
  const { data } = (await write({ name: "x.xlsx" }, rows)).files ?? {};
  assert.ok(data);
  const parts = unzipSync(await context.blobs.get(data));
  for (const [path, bytes] of Object.entries(parts)) {
    assert.equal(XMLValidator.validate(strFromU8(bytes)), true, path);
    assert.ok(!strFromU8(bytes).includes("<f>"), path);
  }
});

it("makes a sheet per value, with names that are allowed", async () => {
  const items = [
    { k: "a/b", n: 1 },
    { k: "A_B", n: 2 },
    { k: "x".repeat(40), n: 3 },
    { n: 4 },
    { k: "a/b", n: 5 },
  ];
  const made = await write({ sheetBy: "k", columns: ["n"] }, items);
  assert.deepEqual((made.json as JsonObject).sheets, ["a_b", "A_B 2", "x".repeat(31), "Others"]);
  assert.deepEqual(await read({ sheet: "a_b" }, made), [{ n: 1 }, { n: 5 }]);
});

it("writes titles alone for no items, and says what does not fit", async () => {
  assert.deepEqual(await read({ header: false }, await write({ columns: ["a"] }, [])), [{ column1: "a" }]);
  assert.deepEqual(await read({}, await write({}, [])), []);
  const date = { columns: [{ field: "d", type: "date" }] };
  assert.match((await failureOf(() => write(date, [{ d: "soon" }]))).message, /"d" of item 0 is text "soon"/);
  assert.match((await failureOf(() => write({}, [1]))).message, /makes no row/);
  assert.match((await failureOf(() => write({}, [{ a: "x".repeat(40_000) }]))).message, /room for 32767/);
});
