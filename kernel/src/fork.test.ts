// Running again: what is repeated must be asked for, wherever it stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forkStart } from "./fork.ts";
import { World, workflow } from "./testing/world.ts";

test("a fork beside a block that failed would repeat its effects, so it asks first", () => {
  const definition = workflow(
    [
      { id: "start", type: "trigger.manual" },
      { id: "a", type: "read" },
      { id: "s", type: "saga" },
      { id: "pay", type: "once", parent: "s" },
      { id: "boom", type: "stop", parent: "s", config: { message: "no" } },
    ],
    ["start -> a", "start -> s", "pay -> boom"],
  );
  const world = new World(definition, () => "ok").start([1]).run();
  assert.equal(world.state.status, "failed");
  const fork = (repeatEffects: boolean) =>
    forkStart({
      original: world.program,
      program: world.program,
      facts: world.facts,
      seq: 2,
      node: "a",
      repeatEffects,
      start: { executionId: "e2", seed: "seed", versionId: "v1", mode: "production" },
    });
  const refused = fork(false);
  assert.equal(refused.ok ? "" : refused.code, "EFFECTS_DONE");
  const repeated = fork(true);
  assert.equal(repeated.ok && repeated.event.start.generation, 1);
});

test("a `once` that may have happened is not repeated unasked; one that certainly did not is", () => {
  const fork = (certainty: "unknown" | "notDone") => {
    const world = new World(
      workflow(
        [
          { id: "start", type: "trigger.manual" },
          { id: "pay", type: "once", errorHandling: { retry: { attempts: 1 }, onUnknown: "fail" } },
        ],
        ["start -> pay"],
      ),
      () => "hang",
    ).start();
    world.send({ type: "ActivityStarted", command: "pay", attempt: 1, deadlineMs: 2_000 });
    const failure = { code: "LOST", class: "unknown", message: "lost", certainty } as const;
    world.send({ type: "ActivityFailed", command: "pay", attempt: 1, failure });
    assert.equal(world.state.status, "failed");
    return forkStart({
      original: world.program,
      program: world.program,
      facts: world.facts,
      seq: 3,
      start: { executionId: "e2", seed: "seed", versionId: "v1", mode: "production" },
    });
  };
  const refused = fork("unknown");
  assert.equal(refused.ok ? "" : refused.code, "EFFECTS_DONE");
  assert.equal(fork("notDone").ok, true);
});
