import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeRunView } from "@auraos/contract";
import { isWithin, timelineRows } from "./timelineRows.ts";

const run = (path: string, status: NodeRunView["status"] = "succeeded"): NodeRunView => ({
  run: path,
  node: path.slice(path.lastIndexOf("/") + 1),
  name: path,
  type: "set",
  status,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: "2026-01-01T00:00:01.000Z",
  durationMs: 1_000,
  itemsIn: 1,
  itemsOut: {},
  attempts: 0,
});
const shown = (runs: NodeRunView[], folded: readonly string[] = []) =>
  timelineRows(runs, (scope) => folded.includes(scope)).map(
    (row) => `${"  ".repeat(row.depth)}${row.kind === "run" ? row.key : `[${row.scope} ${row.status}]`}`,
  );

test("iterations that ran at the same time are put together again, under their loop", () => {
  assert.deepEqual(
    shown([
      run("each"),
      run("each#1/a"),
      run("each#0/a"),
      run("each#1/b", "failed"),
      run("each#0/b"),
      run("end"),
    ]),
    [
      "each",
      "  [0 succeeded]",
      "    each#0/a",
      "    each#0/b",
      "  [1 failed]",
      "    each#1/a",
      "    each#1/b",
      "end",
    ],
  );
});

test("a block that ran once needs no row for it; sections stand after iterations", () => {
  assert.deepEqual(shown([run("try"), run("try#0/a")]), ["try", "  try#0/a"]);
  assert.deepEqual(shown([run("s"), run("s#undo0/u"), run("s#0/a")]), [
    "s",
    "  s#0/a",
    "  [undo0 succeeded]",
    "    s#undo0/u",
  ]);
});

test("what is folded is not shown, however deep", () => {
  const runs = [run("l"), run("l#0/m"), run("l#0/m#0/x"), run("l#1/m"), run("l#1/m#0/x")];
  assert.deepEqual(shown(runs, ["l#0"]), [
    "l",
    "  [0 succeeded]",
    "  [1 succeeded]",
    "    l#1/m",
    "      l#1/m#0/x",
  ]);
  assert.ok(isWithin("l#0", "l#0/m#0/x"));
  assert.ok(!isWithin("l#1", "l#10/m"));
});
