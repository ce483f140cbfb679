// Details that somebody would otherwise have to guess: counted joins, and what an item of a list comes from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, workflow } from "./testing/world.ts";

const start = { id: "start", type: "trigger.manual" };

const three = (join: { n: number }) =>
  workflow(
    [
      start,
      ...["a", "b", "c"].map((id) => ({ id, type: "call" })),
      { id: "j", type: "list", join },
      { id: "end", type: "set", config: { value: "{{ $json }}" } },
    ],
    ["start -> a", "start -> b", "start -> c", "a -> j", "b -> j", "c -> j", "j -> end"],
  );

test("a join of n starts at the n-th wire that is taken, once, and takes no more in", () => {
  const world = new World(three({ n: 2 }), () => "hang").start();
  const heldBy = (run: string) => world.held.find((command) => command.run === run);
  for (const run of ["c", "a"]) {
    assert.equal(heldBy("j"), undefined);
    const held = heldBy(run);
    assert.ok(held);
    world.answer(held, run);
  }
  const joined = heldBy("j");
  assert.deepEqual(
    joined?.items.map((item) => item.json),
    ["a", "c"],
  );
  const late = heldBy("b");
  assert.ok(joined && late);
  world.answer(late, "b");
  world.answer(joined, "done");
  assert.equal(world.calls.filter((call) => call === "j").length, 1);
  assert.deepEqual([world.state.status, world.output], ["succeeded", "done"]);
});

test("a join of n that cannot come about is dead, and what follows it", () => {
  const definition = three({ n: 2 });
  for (const id of ["a", "b"]) {
    const node = definition.nodes.find((one) => one.id === id);
    if (node) Object.assign(node, { type: "filter", config: { condition: "{{ false }}" } });
  }
  const world = new World(definition, () => "c").start();
  assert.equal(world.calls.includes("j"), false);
  assert.equal(world.state.status, "succeeded");
  const dead = world.facts.filter((fact) => fact.t === "NodeDead");
  assert.deepEqual(
    dead.map(({ run, why }) => [run, why]),
    [
      ["j", "joinUnmet"],
      ["end", "joinUnmet"],
    ],
  );
});

test("through a list node an item is that of the one it was given; of several it would be a guess, and is an error", () => {
  const definition = workflow(
    [
      start,
      { id: "sum", type: "list" },
      { id: "end", type: "set", config: { value: "{{ $('start').item }}" } },
    ],
    ["start -> sum", "sum -> end"],
  );
  const one = new World(definition, () => "sum").start(["given"]);
  assert.equal(one.output, "given");
  const several = new World(definition, () => "sum").start(["this", "that"]).run();
  assert.equal(several.state.status, "failed");
  assert.match(several.state.failure?.message ?? "", /ambiguous|several/i);
});
