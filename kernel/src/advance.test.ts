// Stories of the kernel: given a workflow and events, then facts, output and commands.
import assert from "node:assert/strict";
import { test } from "node:test";
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

test("a chain of pure nodes is one turn", () => {
  const world = play(
    [
      { id: "a", type: "set", config: { value: "{{ $json.n + 1 }}" } },
      { id: "b", type: "set", config: { value: "{{ $json * 2 }}" } },
    ],
    ["start -> a", "a -> b"],
    [{ n: 1 }, { n: 2 }],
  );
  assert.equal(world.state.status, "succeeded");
  assert.deepEqual(world.output, [4, 6]);
  assert.equal(world.facts.filter((fact) => fact.t === "Now").length, 1);
});

test("one item gives the value, none gives null, a lone trigger its input", () => {
  assert.deepEqual(play([], [], [{ n: 1 }]).output, { n: 1 });
  assert.equal(
    play(
      [{ id: "f", type: "filter", config: { condition: "{{ $json.n > 5 }}" } }],
      ["start -> f"],
      [{ n: 1 }],
    ).output,
    null,
  );
});

test("filter, then count says zero; a branch not chosen stays silent", () => {
  const counted = play(
    [
      { id: "f", type: "filter", config: { condition: "{{ $json > 5 }}" } },
      { id: "s", type: "set", config: { value: 1 } },
      { id: "c", type: "count" },
    ],
    ["start -> f", "f -> s", "s -> c"],
    [1, 2],
  );
  assert.equal(counted.output, 0);
  const silent = play(
    [
      { id: "i", type: "if", config: { condition: "{{ $json > 5 }}" } },
      { id: "c", type: "count" },
      { id: "d", type: "set", config: { value: "no" } },
    ],
    ["start -> i", "i:true -> c", "i:false -> d"],
    [1],
  );
  assert.equal(silent.output, "no");
});

test("a join waits for dead paths and runs once with the items in wire order", () => {
  const world = play(
    [
      { id: "i", type: "if", config: { condition: "{{ $json > 1 }}" } },
      { id: "a", type: "set", config: { value: "a" } },
      { id: "b", type: "set", config: { value: "b" } },
      { id: "c", type: "count" },
    ],
    ["start -> i", "i:true -> a", "i:false -> b", "b -> c", "a -> c"],
    [1, 2, 3],
  );
  assert.equal(world.output, 3);
  assert.equal(world.facts.filter((fact) => fact.t === "NodeFinished" && fact.run === "c").length, 1);
});

test("join all is unmet when one wire is dead", () => {
  const nodes = [
    { id: "i", type: "if", config: { condition: "{{ true }}" } },
    { id: "a", type: "set", config: { value: 1 } },
    { id: "b", type: "set", config: { value: 2 } },
    { id: "j", type: "count", join: "all" as const },
  ];
  const world = play(nodes, ["start -> i", "i:true -> a", "i:false -> b", "a -> j", "b -> j"], [1]);
  assert.ok(
    world.facts.some((fact) => fact.t === "NodeDead" && fact.run === "j" && fact.why === "joinUnmet"),
  );
  assert.equal(world.output, null);
});

test("join first cancels the losers that only serve it", () => {
  const nodes = [
    { id: "fast", type: "read" },
    { id: "slow", type: "read" },
    { id: "after", type: "set", config: { value: 1 } },
    { id: "j", type: "set", join: "first" as const, config: { value: "{{ $json }}" } },
  ];
  const world = new World(
    workflow(
      [start, ...nodes],
      ["start -> fast", "start -> slow", "fast -> j", "slow -> after", "after -> j"],
    ),
    (command) => (command.run === "slow" ? "hang" : "won"),
  ).start();
  assert.equal(world.output, "won");
  assert.deepEqual(world.cancelled, ["slow"]);
  checkRestores(world);
});

test("an in-flight effect that lost an early join runs to its outcome", () => {
  const nodes = [
    { id: "fast", type: "call" },
    { id: "slow", type: "call" },
    { id: "j", type: "set", join: "first" as const, config: { value: "{{ $json }}" } },
  ];
  const world = new World(
    workflow([start, ...nodes], ["start -> fast", "start -> slow", "fast -> j", "slow -> j"]),
    (command) => (command.run === "slow" ? "hang" : "won"),
  ).start();
  assert.equal(world.state.status, "running");
  world.answer(world.held[0] as never, "late");
  assert.equal(world.output, "won");
  checkRestores(world);
});

test("items of an activity run with a limit, keep their order, and retry one by one", () => {
  let failures = 2;
  const world = play(
    [{ id: "a", type: "call", config: { concurrency: 2 } }],
    ["start -> a"],
    [1, 2, 3, 4],
    (command) => {
      if (command.index === 2 && failures-- > 0) return { fail: { retryable: true } };
      return (command.items[0]?.json as number) * 10;
    },
  );
  assert.deepEqual(world.output, [10, 20, 30, 40]);
  assert.equal(world.calls.filter((call) => call === "a:2").length, 3);
});

test("retry curve: exponential, capped, retry-after honoured, class filter", () => {
  const at: number[] = [];
  const world = new World(
    workflow(
      [
        start,
        {
          id: "a",
          type: "call",
          errorHandling: {
            retry: { attempts: 5, backoff: "exponential", delayMs: 100, factor: 3, delayMsMax: 500 },
          },
        },
      ],
      ["start -> a"],
    ),
    (command) => {
      at.push(world.nowMs);
      return command.attempt < 5
        ? { fail: { retryable: true, ...(command.attempt === 1 ? { retryAfterMs: 250 } : {}) } }
        : "ok";
    },
  );
  world.start().run();
  assert.deepEqual(
    at.map((ms) => ms - 1000),
    [0, 250, 550, 1050, 1550],
  );
  const filtered = play(
    [{ id: "a", type: "call", errorHandling: { retry: { attempts: 5, on: ["network"] } } }],
    ["start -> a"],
    [1],
    () => ({ fail: { retryable: true } }),
  );
  assert.equal(filtered.calls.length, 1);
  assert.equal(filtered.state.status, "failed");
});

test("error modes per item: fallback, error port, fail", () => {
  const handler = (command: { items: readonly { json: Json }[] }): never =>
    (command.items[0]?.json === 2 ? { fail: { code: "BAD" } } : "ok") as never;
  const fallback = play(
    [{ id: "a", type: "call", errorHandling: { onError: "fallback", fallback: "none" } }],
    ["start -> a"],
    [1, 2, 3],
    handler,
  );
  assert.deepEqual(fallback.output, ["ok", "none", "ok"]);
  const port = play(
    [
      { id: "a", type: "call", errorHandling: { onError: "errorPort" } },
      { id: "bad", type: "set", config: { value: "{{ $json.error.code }}" } },
    ],
    ["start -> a", "a:error -> bad"],
    [1, 2, 3],
    handler,
  );
  assert.equal(port.output, "BAD");
  const failed = play([{ id: "a", type: "call" }], ["start -> a"], [1, 2, 3], handler);
  assert.equal(failed.state.failure?.code, "BAD");
  assert.equal(failed.state.failure?.item, 1);
});

test("pure nodes route failures per item too", () => {
  const world = play(
    [
      {
        id: "a",
        type: "set",
        errorHandling: { onError: "fallback", fallback: "?" },
        config: { value: "{{ $json.x.y }}" },
      },
    ],
    ["start -> a"],
    [{ x: { y: 1 } }, {}],
  );
  assert.deepEqual(world.output, [1, "?"]);
});

test("once: an unknown outcome is never repeated; certainly not done is", () => {
  const unknown = play(
    [{ id: "a", type: "once", errorHandling: { retry: { attempts: 5 } } }],
    ["start -> a"],
    [1],
    () => ({ fail: { retryable: true, certainty: "unknown" } }),
  );
  assert.equal(unknown.calls.length, 1);
  assert.equal(unknown.state.status, "failed");
  let first = true;
  const notDone = play([{ id: "a", type: "once" }], ["start -> a"], [1], () => {
    if (!first) return "ok";
    first = false;
    return { fail: { retryable: true, certainty: "notDone" } };
  });
  assert.equal(notDone.output, "ok");
});

test("once, lost: confirmed by asking, only after the deadline", () => {
  const world = new World(
    workflow([start, { id: "a", type: "asked" }], ["start -> a"]),
    () => "hang",
  ).start();
  world.send({ type: "ActivityStarted", command: "a", attempt: 1, deadlineMs: 9_000 });
  world.send({
    type: "ActivityFailed",
    command: "a",
    attempt: 1,
    failure: { code: "OUTCOME_UNKNOWN", class: "unknown", message: "lost", lost: true, certainty: "unknown" },
  });
  assert.deepEqual(world.calls, ["a"]);
  world.run();
  assert.deepEqual(world.calls, ["a", "confirm a"]);
  assert.equal(world.nowMs, 10_000);
  world.send({
    type: "ActivityConfirmed",
    command: "a",
    attempt: 1,
    outcome: "done",
    outputs: { main: { items: [{ json: "was done" }] } },
  });
  assert.equal(world.output, "was done");
  checkRestores(world);
});

test("once, lost, no way to ask: parked until a person decides", () => {
  const world = new World(workflow([start, { id: "a", type: "once" }], ["start -> a"]), () => "hang").start();
  world.send({
    type: "ActivityFailed",
    command: "a",
    attempt: 1,
    failure: { code: "OUTCOME_UNKNOWN", class: "unknown", message: "lost", lost: true, certainty: "unknown" },
  });
  assert.deepEqual(Object.keys(world.state.parked), ["a"]);
  world.send({ type: "ParkResolved", run: "a", action: "output", output: "by hand" });
  assert.equal(world.output, "by hand");
  checkRestores(world);
});

test("late, repeated and unknown outcomes change nothing", () => {
  const world = new World(
    workflow([start, { id: "a", type: "call" }, { id: "b", type: "call" }], ["start -> a", "a -> b"]),
    () => "hang",
  ).start();
  const outcome = {
    type: "ActivitySucceeded" as const,
    command: "a",
    attempt: 1,
    outputs: { main: { items: [{ json: 1 }] } },
  };
  world.send(outcome, outcome);
  const before = world.facts.length;
  world.send(outcome);
  world.send({ ...outcome, attempt: 7 });
  world.send({ ...outcome, command: "nobody" });
  assert.equal(world.facts.length, before);
  assert.deepEqual(world.calls, ["a", "b"]);
});

test("terminate is immediate and lists open effects", () => {
  const world = new World(workflow([start, { id: "a", type: "call" }], ["start -> a"]), () => "hang")
    .start()
    .send({ type: "TerminateRequested" });
  assert.equal(world.state.status, "terminated");
  const end = world.facts.at(-1);
  assert.deepEqual(end?.t === "ExecutionFinished" && end.openEffects, ["a"]);
});

test("waits: duration, signal before and after its waiter, timeout", () => {
  const timed = play(
    [{ id: "w", type: "wait", config: { for: "duration", seconds: 5 } }],
    ["start -> w"],
    [1],
  );
  assert.equal(timed.nowMs, 6_000);
  assert.equal(timed.output, 1);
  const signal = workflow(
    [
      start,
      { id: "w", type: "wait", config: { for: "signal", signal: "go", timeoutSeconds: 60 } },
      { id: "late", type: "set", config: { value: "late" } },
    ],
    ["start -> w", "w:timeout -> late"],
  );
  const early = new World(signal);
  early.start().send({ type: "SignalReceived", name: "go", id: "1", payload: { yes: true } });
  assert.equal(early.state.status, "succeeded");
  assert.equal(new World(signal).start().run().output, "late");
  const before = new World(
    workflow(
      [start, { id: "a", type: "call" }, { id: "w", type: "wait", config: { for: "signal", signal: "go" } }],
      ["start -> a", "a -> w"],
    ),
    () => "hang",
  ).start();
  before.send(
    { type: "SignalReceived", name: "go", id: "1", payload: 1 },
    { type: "SignalReceived", name: "go", id: "1", payload: 2 },
  );
  before.answer(before.held[0] as never, "x");
  assert.equal(before.output, 1);
  checkRestores(before);
});

test("waiting for an event is waiting for a signal that names the events", () => {
  const waits = (match: Record<string, string>) => [
    { id: "w", type: "wait", config: { types: ["order.*"], match, timeoutSeconds: 60 } },
  ];
  const world = new World(workflow([start, ...waits({ "data.id": "{{ $json.id }}" })], ["start -> w"]));
  world.start([{ id: "o-7" }]);
  const name = 'event:{"types":["order.*"],"match":{"data.id":"o-7"}}';
  const opened = world.facts.find((fact) => fact.t === "WaitOpened");
  assert.deepEqual([opened?.kind, opened?.signal, opened?.title], ["signal", name, name]);
  world.send({ type: "SignalReceived", name, id: "1", payload: { data: { id: "o-7" } } });
  assert.deepEqual(world.output, { data: { id: "o-7" } });
  checkRestores(world);
  const long = new World(workflow([start, ...waits({ "data.id": "x".repeat(500) })], ["start -> w"])).start();
  assert.equal(long.state.failure?.code, "PARAM_INVALID");
});

test("approval: first answer wins, later ones are told, timeout branch, escalation", () => {
  const definition = workflow(
    [
      start,
      {
        id: "ask",
        type: "approval",
        config: {
          title: "Pay?",
          assignees: ["ann"],
          timeoutSeconds: 100,
          escalate: { afterSeconds: 10, assignees: ["bob"] },
        },
      },
      { id: "yes", type: "set", config: { value: "{{ $json.data }}" } },
      { id: "none", type: "set", config: { value: "nobody" } },
    ],
    ["start -> ask", "ask:approved -> yes", "ask:timeout -> none"],
  );
  const world = new World(definition).start().run(1);
  assert.deepEqual(world.state.waits.w0?.assignees, ["bob"]);
  world.send(
    { type: "WaitAnswered", wait: "w0", decision: "approve", data: { ok: 1 } },
    { type: "WaitAnswered", wait: "w0", decision: "reject", data: null },
  );
  assert.deepEqual(world.output, { ok: 1 });
  assert.deepEqual(
    world.refused.map((refusal) => refusal.code),
    ["WAIT_CLOSED"],
  );
  assert.equal(new World(definition).start().run().output, "nobody");
  checkRestores(world);
});

test("sub-workflow: as one list, or per item; failure of the child is a failure of the node", () => {
  const world = new World(
    workflow(
      [start, { id: "sub", type: "subworkflow", config: { workflow: "child", mode: "each" } }],
      ["start -> sub"],
    ),
  ).start([1, 2]);
  assert.deepEqual(
    world.children.map((child) => child.command),
    ["sub:0", "sub:1"],
  );
  world.send({ type: "ChildFinished", command: "sub:1", attempt: 1, items: [{ json: "two" }] });
  world.send({ type: "ChildFinished", command: "sub:0", attempt: 1, items: [{ json: "one" }] });
  assert.deepEqual(world.output, ["one", "two"]);
  checkRestores(world);
});

test("pause records outcomes and starts nothing; resume goes on", () => {
  const world = new World(
    workflow([start, { id: "a", type: "call" }, { id: "b", type: "call" }], ["start -> a", "a -> b"]),
    () => "hang",
  )
    .start()
    .send({ type: "PauseRequested" });
  world.answer(world.held[0] as never, "ok");
  assert.deepEqual(world.calls, ["a"]);
  checkRestores(world);
  world.send({ type: "ResumeRequested" });
  assert.deepEqual(world.calls, ["a", "b"]);
});

test("respond: the first reply wins and is the output", () => {
  const world = play(
    [
      { id: "r1", type: "respond", config: { body: { first: true }, status: 201 } },
      { id: "a", type: "call" },
      { id: "r2", type: "respond" },
    ],
    ["start -> r1", "r1 -> a", "a -> r2"],
    [1],
    () => "x",
  );
  assert.deepEqual(world.output, { first: true });
  assert.equal(world.facts.filter((fact) => fact.t === "ReplyIgnored").length, 1);
});

test("$('Name') reads ancestors and follows lineage through filters and loops", () => {
  const world = play(
    [
      { id: "a", name: "Orders", type: "set", config: { value: "{{ ({ id: $json, name: 'n' + $json }) }}" } },
      { id: "f", type: "filter", config: { condition: "{{ $json.id !== 1 }}" } },
      { id: "loop", type: "foreach" },
      { id: "in", type: "set", parent: "loop", config: { value: "{{ $('Orders').item.name + $json.id }}" } },
      { id: "out", type: "set", config: { value: "{{ $json + $('Orders').item.id }}" } },
    ],
    ["start -> a", "a -> f", "f -> loop", "loop:done -> out"],
    [1, 2, 3],
  );
  assert.deepEqual(world.output, ["n222", "n333"]);
});

test("execution timeout counts waits and drains", () => {
  const world = play(
    [{ id: "w", type: "wait", config: { for: "duration", seconds: 60 } }],
    ["start -> w"],
    [1],
    undefined,
    { timeoutMs: 5_000 },
  );
  assert.equal(world.state.failure?.code, "EXECUTION_TIMEOUT");
  assert.equal(world.nowMs, 6_000);
});

test("at most 100 commands are open; the rest follow in order", () => {
  const world = new World(
    workflow([start, { id: "a", type: "call", config: { concurrency: 500 } }], ["start -> a"]),
    () => "hang",
  ).start(Array.from({ length: 250 }, (_, index) => index));
  assert.equal(world.held.length, 100);
  for (let index = 0; index < 250; index++) world.answer(world.held[index] as never, index);
  assert.equal((world.output as Json[]).length, 250);
  assert.deepEqual((world.output as Json[])[249], 249);
  checkRestores(world);
});

test("a per-item node stops issuing after a hard failure and settles what runs", () => {
  const world = new World(
    workflow([start, { id: "a", type: "call", config: { concurrency: 2 } }], ["start -> a"]),
    () => "hang",
  ).start([1, 2, 3]);
  world.answer(world.held[0] as never, { fail: { code: "BAD" } });
  assert.equal(world.held.length, 2);
  world.answer(world.held[1] as never, "ok");
  assert.equal(world.state.failure?.code, "BAD");
  checkRestores(world);
});

test("pinned data replaces a node in test executions only", () => {
  const definition = workflow([start, { id: "a", type: "call", pinned: [{ fake: 1 }] }], ["start -> a"]);
  assert.deepEqual(new World(definition, () => "real").start([1], { mode: "test" }).output, { fake: 1 });
  assert.equal(new World(definition, () => "real").start([1]).output, "real");
});

test("a parked item does not hold up the end of a failing or cancelled execution", () => {
  const definition = workflow([start, { id: "a", type: "once" }], ["start -> a"]);
  const lost = { code: "OUTCOME_UNKNOWN", class: "unknown" as const, message: "lost", lost: true };
  const world = new World(definition, () => "hang").start([1, 2]);
  world.send({ type: "ActivityFailed", command: "a:0", attempt: 1, failure: lost });
  world.send({ type: "ActivitySucceeded", command: "a:1", attempt: 1, outputs: {} });
  assert.equal(world.state.status, "running");
  world.send({ type: "CancelRequested" });
  assert.equal(world.state.status, "cancelled");
  checkRestores(world);
});
