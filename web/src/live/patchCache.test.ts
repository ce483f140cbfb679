import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionSummary, LiveTurn } from "@auraos/contract";
import { QueryClient } from "@tanstack/react-query";
import { executionKeys } from "../api/executions.ts";
import { applyTurns } from "./patchCache.ts";

const startedAt = "2026-01-01T00:00:00.000Z";

test("a row that is shown changes where it stands, and keeps what a turn does not tell", () => {
  const { client, asked } = cache([row("a"), row("b")]);
  applyTurns(client, [turn("a", "waiting", 1), turn("a", "succeeded", 4)], asked.ask);
  const [a, b] = rowsOf(client);
  assert.deepEqual([a?.status, a?.durationMs, a?.workflowName], ["succeeded", 4_000, "Order intake"]);
  assert.deepEqual(b, row("b"));
  assert.deepEqual(asked.keys, []);
});

test("what waits for a person's decision is parked until it is decided", () => {
  const { client, asked } = cache([row("a")]);
  const statuses = [["NodeParked"], ["WaitOpened"], ["ParkResolved"]].map((facts, at) => {
    applyTurns(client, [turn("a", "waiting", at + 1, facts)], asked.ask);
    return rowsOf(client)[0]?.status;
  });
  assert.deepEqual(statuses, ["parked", "parked", "waiting"]);
});

test("a row going on again has no end any more", () => {
  const { client, asked } = cache([{ ...row("a"), status: "failed", completedAt: startedAt, durationMs: 1 }]);
  applyTurns(client, [turn("a", "running", 2)], asked.ask);
  assert.deepEqual([rowsOf(client)[0]?.completedAt, rowsOf(client)[0]?.durationMs], [null, null]);
});

test("a new execution stands first among the recent ones, once, and the lists are asked for", () => {
  const { client, asked } = cache([row("a")]);
  const begun = turn("n", "running", 1, ["ExecutionStarted"]);
  applyTurns(client, [begun, turn("n", "failed", 3, ["ExecutionFinished"])], asked.ask);
  applyTurns(client, [begun], asked.ask);
  const recent = client.getQueryData<{ items: ExecutionSummary[] }>(executionKeys.recent)?.items ?? [];
  assert.deepEqual(
    recent.map(({ id }) => id),
    ["n", "a"],
  );
  assert.ok(asked.keys.includes("executions.list"));
  assert.ok(asked.keys.includes("stats"));
});

test("waits are asked for when one opens or closes", () => {
  const { client, asked } = cache([row("a")]);
  applyTurns(client, [turn("a", "waiting", 1, ["WaitOpened"])], asked.ask);
  assert.deepEqual(asked.keys, ["executions.waits"]);
});

function cache(items: ExecutionSummary[]) {
  const client = new QueryClient();
  client.setQueryData(executionKeys.list({}), { pages: [{ items }], pageParams: [""] });
  client.setQueryData(executionKeys.recent, { items });
  const keys: string[] = [];
  return { client, asked: { keys, ask: (key: readonly unknown[]) => void keys.push(key.join(".")) } };
}

function rowsOf(client: QueryClient): ExecutionSummary[] {
  const data = client.getQueryData<{ pages: { items: ExecutionSummary[] }[] }>(executionKeys.list({}));
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

function row(id: string): ExecutionSummary {
  return {
    id,
    workflowId: "w",
    workflowName: "Order intake",
    versionId: "v",
    version: 1,
    status: "running",
    mode: "production",
    trigger: null,
    parentId: null,
    originId: null,
    startedAt,
    completedAt: null,
    durationMs: null,
    error: null,
  };
}

function turn(
  executionId: string,
  status: LiveTurn["status"],
  second: number,
  facts: string[] = [],
): LiveTurn {
  return {
    cursor: `life.${second}`,
    offset: second,
    executionId,
    workflowId: "w",
    seq: second,
    at: new Date(Date.parse(startedAt) + second * 1_000).toISOString(),
    status,
    facts: facts.map((t) => ({ t })),
  };
}
