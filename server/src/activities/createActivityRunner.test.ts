// Which activities run in which mode of execution.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionMode, RunActivity } from "@auraos/kernel";
import type { NodeModule } from "@auraos/nodes";
import type { ActivityOutcome } from "../engine/engine.types.ts";
import { type ActivityNeeds, createActivityRunner } from "./createActivityRunner.ts";

const done: ActivityOutcome = { kind: "succeeded", outputs: { main: { items: [{ json: "done" }] } } };
const heard: ActivityOutcome = { kind: "succeeded", outputs: { main: { items: [{ json: "heard" }] } } };

function runner(more: Partial<ActivityNeeds> = {}) {
  const ran: string[] = [];
  const node: Partial<NodeModule> = {
    run: async () => {
      ran.push("run");
      return { main: { items: [{ json: "done" }] } };
    },
    confirm: async () => {
      ran.push("confirm");
      return { outcome: "unknown" };
    },
  };
  const needs = { module: () => node, log: () => {}, worker: "test", ...more };
  const { run } = createActivityRunner(needs as unknown as ActivityNeeds);
  const call = (mode: ExecutionMode, effect: RunActivity["effect"], confirm = false) => {
    const activity = { node: "n", nodeType: "x", effect, confirm, config: {} } as unknown as RunActivity;
    const about = { orgId: "o", workflowId: "w", executionId: "e", mode };
    return run(activity, about, new AbortController().signal);
  };
  return { call, ran };
}

const EFFECTS = ["read", "idempotent", "once"] as const;

test("production and test executions reach the world", async () => {
  const { call } = runner();
  for (const mode of ["production", "test"] as const)
    for (const effect of EFFECTS) assert.deepEqual(await call(mode, effect), done);
});

test("simulated and replayed ones do not: what was recorded answers, else the step fails and says why", async () => {
  for (const mode of ["simulated", "replay"] as const) {
    const { call, ran } = runner();
    for (const effect of EFFECTS) {
      const outcome = await call(mode, effect);
      assert.equal(outcome.kind === "failed" && outcome.failure.code, "NOT_RECORDED");
    }
    assert.deepEqual(await call(mode, "once", true), { kind: "confirmed", outcome: "notDone" });
    assert.deepEqual(ran, []);
    assert.deepEqual(await call(mode, "pure"), done);
    const recorded = runner({ recording: async () => heard });
    assert.deepEqual(await recorded.call(mode, "once"), heard);
    assert.deepEqual(recorded.ran, []);
  }
});

test("a recording that cannot be read does not let a step through", async () => {
  const { call, ran } = runner({
    recording: async () => {
      throw new Error("no");
    },
  });
  const outcome = await call("replay", "idempotent");
  assert.equal(outcome.kind === "failed" && outcome.failure.code, "NOT_RECORDED");
  assert.deepEqual(ran, []);
});
