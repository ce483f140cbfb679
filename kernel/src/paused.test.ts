// B10: while it is paused, an execution records what it is told and issues nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Handler, World, workflow } from "./testing/world.ts";

function parkedWorld(handler: Handler, input = [{}]): World {
  const world = new World(
    workflow(
      [
        { id: "t", type: "trigger.manual" },
        { id: "n", type: "call", errorHandling: { onError: "park", retry: { attempts: 1 } } },
      ],
      ["t -> n"],
    ),
    handler,
  );
  return world.start(input).send({ type: "PauseRequested" });
}

function failsOnce(): Handler {
  const seen = new Set<string>();
  return ({ command }) => {
    if (seen.has(command)) return { ok: command };
    seen.add(command);
    return { fail: {} };
  };
}

test("a retry that a person asks for while it is paused is issued when it goes on, and asked for once", () => {
  const world = parkedWorld(failsOnce());
  const retry = { type: "ParkResolved", run: "n", action: "retry" } as const;
  world.send(retry);
  assert.deepEqual(world.calls, ["n"]);
  world.send(retry);
  assert.deepEqual(world.refused, [{ index: 0, code: "NOT_PARKED" }]);
  assert.deepEqual(world.restored(), world.state);
  world.state = world.restored();
  world.send({ type: "ResumeRequested" });
  assert.deepEqual(world.calls, ["n", "n"]);
  assert.deepEqual(world.output, { ok: "n" });
  assert.deepEqual(world.restored(), world.state);
});

test("the same for single items, beside one that is answered with an output", () => {
  const world = parkedWorld(failsOnce(), [{}, {}]);
  world.send({ type: "ParkResolved", run: "n", item: 1, action: "retry" });
  world.send({ type: "ParkResolved", run: "n", item: 0, action: "output", output: 7 });
  assert.equal(world.calls.length, 2);
  world.send({ type: "ResumeRequested" });
  assert.deepEqual(world.output, [7, { ok: "n:1" }]);
  assert.deepEqual(world.restored(), world.state);
});

test("cancelled instead of resumed, nothing is issued any more", () => {
  const world = parkedWorld(failsOnce());
  world.send({ type: "ParkResolved", run: "n", action: "retry" });
  world.send({ type: "CancelRequested" });
  assert.equal(world.state.status, "cancelled");
  assert.equal(world.calls.length, 1);
});

test("cancelled instead of resumed, a finally goes on with what was decided about it", () => {
  const park = { errorHandling: { onError: "park", retry: { attempts: 1 } } } as const;
  const world = new World(
    workflow(
      [
        { id: "t", type: "trigger.manual" },
        { id: "b", type: "try" },
        { id: "n", type: "set", parent: "b" },
        { id: "f", type: "call", parent: "b", section: "finally", ...park },
      ],
      ["t -> b"],
    ),
    failsOnce(),
  ).start();
  world.send({ type: "PauseRequested" });
  const [parked] = Object.keys(world.state.parked);
  world.send({ type: "ParkResolved", run: parked as string, action: "retry" });
  assert.equal(world.calls.length, 1);
  world.send({ type: "CancelRequested" });
  assert.equal(world.calls.length, 2);
  assert.equal(world.state.status, "cancelled");
  assert.deepEqual(world.restored(), world.state);
});

test("a decision about an attempt that was parked before is not one about this attempt", () => {
  const world = new World(
    workflow(
      [
        { id: "t", type: "trigger.manual" },
        { id: "n", type: "call", errorHandling: { onError: "park", retry: { attempts: 1 } } },
      ],
      ["t -> n"],
    ),
    () => ({ fail: {} }),
  ).start();
  const retry = { type: "ParkResolved", run: "n", action: "retry", attempt: 1 } as const;
  world.send(retry);
  assert.equal(world.calls.length, 2);
  world.send(retry);
  assert.deepEqual(world.refused, [{ index: 0, code: "NOT_PARKED" }]);
  assert.equal(world.calls.length, 2);
  world.send({ ...retry, attempt: 2 });
  assert.equal(world.calls.length, 3);
  assert.deepEqual(world.restored(), world.state);
});
