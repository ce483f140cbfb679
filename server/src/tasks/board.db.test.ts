// Runs as they are judged together, with the book of places as it is: who may start, who comes first.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { migrate } from "../migrations/migrate.ts";
import { openPool, type Pool } from "../platform/db.ts";
import { createPoolGate } from "../pools/gate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { judge, newReign, put } from "./board.ts";
import type { RunnerParts } from "./runner.types.ts";
import type { OpenRun } from "./runnerStore.ts";

let pool: Pool | undefined;
after(() => pool?.end());
const database = await freshDatabase({ after }, migrate);
pool = openPool(database.url, { role: "auraos_owner", name: "test", max: 1 });

const NOW = Date.parse("2026-02-03T04:00:00Z");
const orgId = "018f0000-0000-7000-8000-000000000001";

const queued = (name: string, more: Partial<OpenRun>): OpenRun => ({
  ...{ id: name, orgId, envId: orgId, taskId: name, taskIsPaused: false, flowId: null, workflowId: name },
  ...{ kind: "manual", status: "queued", attempt: 1, priority: 0, fairKey: "", resources: '{"one":1}' },
  ...{ plan: JSON.stringify({ task: name, needs: [], need: "all", onUnmet: "skip", onDeadline: "fail" }) },
  ...{ reason: null, dueMs: null, createdMs: NOW - 60_000, readyMs: NOW - 10_000, admittedMs: null },
  ...{ notBeforeMs: null, deadlineMs: null, executionId: null, executionStatus: null, estimatedMs: null },
  ...{ progress: 0, mark: "" },
  ...more,
});

const real = pool;
await real.query("INSERT INTO organizations (id, name) VALUES ($1, 'one')", [orgId]);
await real.query("INSERT INTO pools (org_id, name, scope, slots) VALUES ($1, 'one', 'named', 1)", [orgId]);

async function reignOf() {
  const parts = { pool: real, nowMs: () => NOW, log: () => {} };
  const gate = createPoolGate({ ...parts, definitionOf: async () => undefined, keyOf: () => "" });
  after(() => gate.close());
  await gate.open(1);
  const seat = gate.seatOf(1, () => {});
  assert.ok(seat);
  return newReign(parts as unknown as RunnerParts, 1, seat);
}

test("a run that ends while others are looked at gives its place to the first of all, not of those seen by then", async () => {
  const reign = await reignOf();
  put(reign, queued("later", { readyMs: NOW - 5_000 }));
  put(reign, queued("too late", { deadlineMs: NOW - 1 }));
  put(reign, queued("earlier", { readyMs: NOW - 20_000 }));
  await judge(reign);
  assert.deepEqual([reign.runs.has("too late"), reign.admission.next(NOW)?.id], [false, "earlier"]);
  assert.equal(reign.admission.next(NOW), undefined);
});

test("a further attempt is not judged by what has become of other tasks since; a run that a person opened again is", async () => {
  const reign = await reignOf();
  const needs = [{ taskId: "other", task: "other", on: "success" }];
  const plan = JSON.stringify({ task: "hangs", needs, need: "all", onUnmet: "fail", onDeadline: "fail" });
  reign.last.set("other", { flowId: null, taskId: "other", status: "failed", completedMs: NOW - 1_000 });
  const waiting = { status: "waiting", attempt: 2, readyMs: null, plan } as const;
  put(reign, queued("by its policy", { ...waiting, notBeforeMs: NOW - 1 }));
  put(reign, queued("by a person", waiting));
  await judge(reign);
  assert.deepEqual(
    reign.changes.map(({ id, status }) => [id, status]),
    [
      ["by its policy", "queued"],
      ["by a person", "failed"],
    ],
  );
});
