import assert from "node:assert/strict";
import { test } from "node:test";
import { foldersWithTotals } from "./foldersWithTotals.ts";

test("folders above those in use are there, and count what is below them", () => {
  assert.deepEqual(
    foldersWithTotals([
      { path: "Sales", count: 2 },
      { path: "Sales-old", count: 1 },
      { path: "Sales/Reports/Weekly", count: 3 },
      { path: "Ops/Nightly", count: 4 },
    ]),
    [
      { path: "Ops", count: 0, total: 4 },
      { path: "Ops/Nightly", count: 4, total: 4 },
      { path: "Sales", count: 2, total: 5 },
      { path: "Sales/Reports", count: 0, total: 3 },
      { path: "Sales/Reports/Weekly", count: 3, total: 3 },
      { path: "Sales-old", count: 1, total: 1 },
    ],
  );
});
