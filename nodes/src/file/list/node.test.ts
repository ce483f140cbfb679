import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { jsonOf, runNode, testContext } from "../../testing.ts";
import { fileList, hasForm } from "./node.ts";

const now = 1_767_225_600_000;
const files = [
  { path: "inbox/a.csv", bytes: 3, modifiedMs: now - 60_000 },
  { path: "inbox/b.CSV", bytes: 9, modifiedMs: now - 5_000 },
  { path: "inbox/c.txt", bytes: 5, modifiedMs: now - 1_000 },
];

async function list(config: JsonObject) {
  const asked: unknown[] = [];
  const context = testContext();
  const area = {
    ...context.files,
    list: async (...given: unknown[]) => {
      asked.push(given);
      return [...files];
    },
  };
  const items = jsonOf(await runNode(fileList, { config }, { files: area })).main as JsonObject[];
  return { names: items.map(({ name }) => name), items, asked };
}

it("gives an item per file", async () => {
  const { items, asked } = await list({ folder: "inbox", deep: true });
  assert.deepEqual(asked, [["inbox", { deep: true, filesMax: 10_000 }]]);
  assert.deepEqual(items[0], {
    path: "inbox/a.csv",
    name: "a.csv",
    bytes: 3,
    mimeType: "text/csv",
    modified: "2025-12-31T23:59:00.000Z",
  });
});

it("chooses by name and age, and orders", async () => {
  assert.deepEqual((await list({ name: "*.csv", order: "newest" })).names, ["b.CSV", "a.csv"]);
  assert.deepEqual((await list({ newerThanSeconds: 10 })).names, ["b.CSV", "c.txt"]);
  assert.deepEqual((await list({ order: "largest" })).names, ["b.CSV", "c.txt", "a.csv"]);
  assert.deepEqual((await list({ order: "oldest" })).names, ["a.csv", "b.CSV", "c.txt"]);
});

it("knows * and ?, and is never slow", () => {
  for (const [name, form, expected] of [
    ["report-2026.csv", "report-*.csv", true],
    ["report.csv.bak", "*.csv", false],
    ["a.csv", "?.csv", true],
    ["ab.csv", "?.csv", false],
    ["a[1].txt", "a[1].*", true],
    ["", "*", true],
    ["abc", "a**c", true],
  ] as const) {
    assert.equal(hasForm(name, form), expected, `${name} ${form}`);
  }
  const started = process.cpuUsage();
  hasForm("a".repeat(250), `${"*a".repeat(90)}b`);
  // Of the processor: on a busy machine the clock says little.
  assert.ok(process.cpuUsage(started).user < 500_000);
});
