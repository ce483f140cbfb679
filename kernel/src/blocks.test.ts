// Stories of blocks: loops, parallel, try, saga, and what failures and cancels do to them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nextWake } from "./commandsOf.ts";
import type { Json } from "./json.ts";
import { World, workflow } from "./testing/world.ts";

const start = { id: "start", type: "trigger.manual" };

/** Whatever happened, folding the recorded facts gives the very same state. */
function checkRestores(world: World): void {
  assert.deepEqual(JSON.parse(JSON.stringify(world.restored())), JSON.parse(JSON.stringify(world.state)));
}

function play(
  nodes: Parameters<typeof workflow>[0],
  wires: string[],
  input?: Json[],
  handler?: ConstructorParameters<typeof World>[1],
  settings?: Parameters<typeof workflow>[2],
): World {
  const world = new World(workflow([start, ...nodes], wires, settings), handler).start(input).run();
  checkRestores(world);
  return world;
}

test("for-each: order, nesting, result node, lineage out of the loop", () => {
  const world = play(
    [
      { id: "outer", type: "foreach", config: { items: "{{ $json.rows }}", concurrency: 2 } },
      { id: "inner", type: "foreach", parent: "outer", config: { items: "{{ $json.cells }}" } },
      { id: "double", type: "call", parent: "inner" },
      { id: "sum", type: "count", parent: "outer" },
    ],
    ["start -> outer", "inner:done -> sum"],
    [{ rows: [{ cells: [1, 2] }, { cells: [] }, { cells: [3] }] }],
    (command) => (command.items[0]?.json as number) * 2,
  );
  assert.deepEqual(world.output, [2, 0, 1]);
});

test("for-each over nothing takes done with an empty list", () => {
  const world = play(
    [
      { id: "loop", type: "foreach", config: { items: "{{ [] }}" } },
      { id: "x", type: "call", parent: "loop" },
      { id: "n", type: "count" },
    ],
    ["start -> loop", "loop:done -> n"],
  );
  assert.equal(world.output, 0);
});

test("for-each error modes: stop, continue, collect", () => {
  const nodes = (mode: string): Parameters<typeof workflow>[0] => [
    { id: "loop", type: "foreach", config: { onError: mode } },
    { id: "x", type: "call", parent: "loop" },
    { id: "errors", type: "set", config: { value: "{{ $json.error.code }}" } },
    { id: "good", type: "set", config: { value: "{{ $json }}" } },
  ];
  const wires = ["start -> loop", "loop:done -> good", "loop:error -> errors"];
  const handler = (command: { items: readonly { json: Json }[] }): never =>
    (command.items[0]?.json === 2 ? { fail: { code: "BAD" } } : command.items[0]?.json) as never;
  assert.equal(play(nodes("stop"), wires, [1, 2, 3], handler).state.failure?.code, "BAD");
  assert.deepEqual(play(nodes("continue"), wires, [1, 2, 3], handler).output, [1, 3]);
  assert.deepEqual(play(nodes("collect"), wires, [1, 2, 3], handler).output, ["BAD", 1, 3]);
});

test("break drops the iteration it stands in and ends the loop; continue drops and goes on", () => {
  const nodes = (kind: string): Parameters<typeof workflow>[0] => [
    { id: "loop", type: "foreach" },
    { id: "i", type: "if", parent: "loop", config: { condition: "{{ $json === 2 }}" } },
    { id: "jump", type: kind, parent: "loop" },
    { id: "keep", type: "set", parent: "loop", config: { value: "{{ $json }}" } },
  ];
  const wires = ["start -> loop", "i:true -> jump", "i:false -> keep"];
  assert.deepEqual(play(nodes("break"), wires, [1, 2, 3]).output, 1);
  assert.deepEqual(play(nodes("continue"), wires, [1, 2, 3]).output, [1, 3]);
});

test("while carries its output, counts, and errs at its bound", () => {
  const nodes = (max: number): Parameters<typeof workflow>[0] => [
    { id: "loop", type: "while", config: { condition: "{{ $json < 5 }}", maxIterations: max } },
    { id: "add", type: "set", parent: "loop", config: { value: "{{ $json + 1 }}" } },
  ];
  assert.equal(play(nodes(10), ["start -> loop"], [0]).output, 5);
  assert.equal(play(nodes(10), ["start -> loop"], [7]).output, 7);
  assert.equal(play(nodes(3), ["start -> loop"], [0]).state.failure?.code, "LOOP_BOUND");
});

test("a long while loop is many bounded turns and no deep stack", () => {
  const world = play(
    [
      { id: "loop", type: "while", config: { condition: "{{ $json < 30000 }}", maxIterations: 100000 } },
      { id: "add", type: "set", parent: "loop", config: { value: "{{ $json + 1 }}" } },
    ],
    ["start -> loop"],
    [0],
  );
  assert.equal(world.output, 30000);
  assert.ok(world.facts.filter((fact) => fact.t === "Now").length > 2);
});

test("try: catch gets the error and the input, finally always runs", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "t", type: "try" },
    { id: "x", type: "call", parent: "t" },
    {
      id: "rescue",
      type: "set",
      parent: "t",
      section: "catch",
      config: { value: "{{ $json.error.code + $json.input }}" },
    },
    { id: "clean", type: "call", parent: "t", section: "finally" },
  ];
  const failed = play(nodes, ["start -> t"], ["in"], (command) =>
    command.run.endsWith("x") ? { fail: { code: "BAD" } } : "cleaned",
  );
  assert.equal(failed.output, "BADin");
  assert.deepEqual(failed.calls, ["t#body/x", "t#finally/clean"]);
  const fine = play(nodes, ["start -> t"], ["in"], () => "ok");
  assert.equal(fine.output, "ok");
  assert.equal(fine.calls.length, 2);
});

test("cancel runs finally, cannot be caught, and stops reads", () => {
  const world = new World(
    workflow(
      [
        start,
        { id: "t", type: "try" },
        { id: "x", type: "read", parent: "t" },
        { id: "c", type: "set", parent: "t", section: "catch", config: { value: "caught" } },
        { id: "f", type: "call", parent: "t", section: "finally" },
        { id: "after", type: "set", config: { value: 1 } },
      ],
      ["start -> t", "t:done -> after"],
    ),
    () => "hang",
  ).start();
  world.send({ type: "CancelRequested", reason: "stop it" });
  assert.deepEqual(world.cancelled, ["t#body/x"]);
  assert.equal(world.state.status, "running");
  world.answer(world.held[1] as never, "cleaned");
  assert.equal(world.state.status, "cancelled");
  assert.equal(world.state.failure?.message, "stop it");
  checkRestores(world);
});

const saga: Parameters<typeof workflow>[0] = [
  { id: "s", type: "saga" },
  { id: "stock", type: "call", parent: "s", compensate: "unstock" },
  { id: "pay", type: "call", parent: "s", compensate: "refund" },
  { id: "ship", type: "call", parent: "s" },
  { id: "unstock", type: "call", parent: "s", section: "compensation" },
  { id: "refund", type: "call", parent: "s", section: "compensation" },
];

test("saga compensates in reverse order, told what was done", () => {
  const told: Json[] = [];
  const world = play(saga, ["start -> s", "stock -> pay", "pay -> ship"], [{ order: 1 }], (command) => {
    if (command.run.includes("undo")) told.push(command.items[0]?.json as Json);
    return command.run.endsWith("ship") ? { fail: { code: "NO_TRUCK" } } : `${command.node} done`;
  });
  assert.equal(world.state.failure?.code, "NO_TRUCK");
  assert.deepEqual(world.calls.slice(3), ["s#undo1/refund", "s#undo0/unstock"]);
  assert.deepEqual(told, [
    { input: "stock done", output: "pay done", outcome: "done" },
    { input: { order: 1 }, output: "stock done", outcome: "done" },
  ]);
});

test("saga: an unknown outcome is compensated as unknown, a refused one not at all", () => {
  const run = (certainty: "unknown" | "notDone"): World =>
    play(saga, ["start -> s", "stock -> pay", "pay -> ship"], [1], (command) =>
      command.run.endsWith("/pay") ? { fail: { certainty } } : "ok",
    );
  assert.deepEqual(run("unknown").calls.slice(2), ["s#undo1/refund", "s#undo0/unstock"]);
  assert.deepEqual(run("notDone").calls.slice(2), ["s#undo0/unstock"]);
});

test("saga: a compensation that fails is parked, the others go on, a person retries it", () => {
  let refuse = true;
  const world = new World(
    workflow([start, ...saga], ["start -> s", "stock -> pay", "pay -> ship"]),
    (command) => {
      if (command.run.endsWith("ship")) return { fail: { code: "NO_TRUCK" } };
      return command.run.endsWith("refund") && refuse ? { fail: { code: "BANK_DOWN" } } : "ok";
    },
  )
    .start()
    .run();
  assert.deepEqual(Object.keys(world.state.parked), ["s:1"]);
  assert.ok(world.calls.includes("s#undo0/unstock"));
  refuse = false;
  world.send({ type: "ParkResolved", run: "s", item: 1, action: "retry" });
  assert.equal(world.state.failure?.code, "NO_TRUCK");
  checkRestores(world);
});

test("saga: a finished inner saga is undone with the outer one; loops inside register each iteration", () => {
  const world = play(
    [
      { id: "out", type: "saga" },
      { id: "in", type: "saga", parent: "out" },
      { id: "loop", type: "foreach", parent: "in" },
      { id: "pay", type: "call", parent: "loop", compensate: "refund" },
      { id: "refund", type: "call", parent: "in", section: "compensation" },
      { id: "boom", type: "stop", parent: "out", config: { message: "no" } },
    ],
    ["start -> out", "in:done -> boom"],
    [1, 2],
    () => "ok",
  );
  assert.equal(world.state.failure?.code, "STOPPED");
  assert.equal(world.calls.filter((call) => call.includes("refund")).length, 2);
});

test("failure in a scope drains: reads are aborted, effects awaited, then it fails", () => {
  const world = new World(
    workflow(
      [start, { id: "bad", type: "call" }, { id: "r", type: "read" }, { id: "e", type: "call" }],
      ["start -> bad", "start -> r", "start -> e"],
    ),
    () => "hang",
  ).start();
  world.answer(world.held[0] as never, { fail: { code: "BAD" } });
  assert.deepEqual(world.cancelled, ["r"]);
  assert.equal(world.state.status, "running");
  world.answer(world.held[2] as never, "done");
  assert.equal(world.state.failure?.code, "BAD");
  checkRestores(world);
});

test("a pure node can be compensated too", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "s", type: "saga" },
    { id: "mark", type: "set", parent: "s", compensate: "unmark", config: { value: "{{ 'm' + $json }}" } },
    { id: "boom", type: "stop", parent: "s", config: { message: "no" } },
    { id: "unmark", type: "call", parent: "s", section: "compensation" },
  ];
  const world = play(nodes, ["start -> s", "mark -> boom"], [1], () => "ok");
  assert.deepEqual(world.calls, ["s#undo0/unmark"]);
});

test("for-each in mode stop fails although its other iterations were drained", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "loop", type: "foreach", config: { concurrency: 3 } },
    { id: "x", type: "call", parent: "loop" },
    { id: "after", type: "set", config: { value: 1 } },
  ];
  const world = new World(
    workflow([start, ...nodes], ["start -> loop", "loop:done -> after"]),
    () => "hang",
  ).start([1, 2, 3]);
  world.answer(world.held[1] as never, { fail: { code: "BAD" } });
  world.answer(world.held[0] as never, "ok").answer(world.held[2] as never, "ok");
  assert.equal(world.state.failure?.code, "BAD");
  checkRestores(world);
});

test("a time limit that has passed wakes nobody while the execution drains", () => {
  const definition = workflow([start, { id: "a", type: "call" }], ["start -> a"], { timeoutMs: 100 });
  const world = new World(definition, () => "hang").start();
  world.nowMs = 2_000;
  world.send();
  assert.equal(nextWake(world.state), null);
  world.answer(world.held[0] as never, "late");
  assert.equal(world.state.failure?.code, "EXECUTION_TIMEOUT");
});

test("a scope that ended while paused is drained to its end after the pause", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "loop", type: "foreach", config: { concurrency: 2 } },
    { id: "x", type: "call", parent: "loop" },
  ];
  const world = new World(workflow([start, ...nodes], ["start -> loop"], { timeoutMs: 100 }), () => "hang");
  world.start([1, 2]);
  world.nowMs = 2_000;
  world.send({ type: "PauseRequested" });
  for (const held of world.held) world.answer(held, "late");
  world.send({ type: "ResumeRequested" });
  assert.equal(world.state.failure?.code, "EXECUTION_TIMEOUT");
  checkRestores(world);
});

test("a loser of an early join issues no further items, its failure fails nobody", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "quick", type: "wait", config: { for: "duration", seconds: 1 } },
    { id: "many", type: "call", config: { concurrency: 2 } },
    { id: "reads", type: "read" },
    { id: "j", type: "set", join: "first", config: { value: "{{ $json }}" } },
    { id: "end", type: "count" },
  ];
  const wires = [
    "start -> quick",
    "start -> many",
    "start -> reads",
    "quick -> j",
    "many -> j",
    "reads -> j",
    "j -> end",
  ];
  const world = new World(workflow([start, ...nodes], wires), () => "hang").start([1, 2, 3]);
  const read = world.held.find((held) => held.command === "reads:1");
  world.answer(read as never, "settled before the join");
  world.run(1);
  assert.equal(world.state.status, "running");
  const calls = world.held.filter((held) => held.run === "many");
  assert.equal(calls.length, 2);
  world
    .answer(calls[0] as never, "late")
    .answer(calls[1] as never, { fail: { code: "LATE", retryable: true } });
  assert.equal(world.output, 3);
  checkRestores(world);
});

test("a loser of an early join that works on one item fails nobody either, whatever it asks for", () => {
  const nodes: Parameters<typeof workflow>[0] = [
    { id: "quick", type: "wait", config: { for: "duration", seconds: 1 } },
    { id: "one", type: "call" },
    { id: "j", type: "set", join: "first", config: { value: "{{ $json }}" } },
  ];
  const wires = ["start -> quick", "start -> one", "quick -> j", "one -> j"];
  const world = new World(workflow([start, ...nodes], wires), () => "hang").start([1]);
  world.run(1);
  assert.equal(world.state.status, "running");
  const late = { fail: { code: "LATE", needsDecision: true } } as const;
  world.answer(world.held[0] as never, late);
  assert.equal(world.state.status, "succeeded");
  assert.equal(world.output, 1);
  checkRestores(world);
});
