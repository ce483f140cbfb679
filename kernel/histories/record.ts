// Records the stories below as histories: `node kernel/histories/record.ts` writes those that are not there yet.
// Existing files are never touched: they are what older kernels wrote.
import { existsSync, writeFileSync } from "node:fs";
import type { WorkflowDefinition } from "../src/definition.ts";
import { evolve } from "../src/evolve.ts";
import type { Fact } from "../src/facts.ts";
import type { Json, JsonObject } from "../src/json.ts";
import { newState } from "../src/state.ts";
import { type Handler, World, workflow } from "../src/testing/world.ts";
import { canonicalHash } from "./canonicalHash.ts";

const start = { id: "start", type: "trigger.manual" };

type Story = {
  definition: WorkflowDefinition;
  input?: Json[];
  handler?: Handler;
  after?: (world: World) => void;
};

const STORIES: Record<string, Story> = {
  chain: {
    definition: workflow(
      [
        start,
        { id: "a", type: "set", config: { value: "{{ $json + 1 }}" } },
        { id: "b", type: "call" },
        { id: "c", type: "count" },
      ],
      ["start -> a", "a -> b", "b -> c"],
    ),
    input: [1, 2, 3],
    handler: (command) =>
      command.attempt === 1 && command.index === 1 ? { fail: { retryable: true } } : "ok",
  },
  addedFields: {
    definition: workflow(
      [
        start,
        { id: "a", type: "set", config: { value: { id: "{{ $json.id }}", a: "{{ $json.id * 2 }}" } } },
        { id: "b", type: "call" },
        { id: "c", type: "count" },
      ],
      ["start -> a", "a -> b", "b -> c"],
    ),
    input: [{ id: 1 }],
    handler: (command) => ({ ...(command.items[0]?.json as JsonObject), b: "done" }),
  },
  routing: {
    definition: workflow(
      [
        start,
        { id: "i", type: "if", config: { condition: "{{ $json > 1 }}" } },
        { id: "a", type: "set", config: { value: "a" } },
        { id: "b", type: "call" },
        { id: "j", type: "count" },
      ],
      ["start -> i", "i:true -> a", "i:false -> b", "a -> j", "b -> j"],
    ),
    input: [1, 2, 3],
  },
  firstOfTwo: {
    definition: workflow(
      [
        start,
        { id: "fast", type: "read" },
        { id: "slow", type: "call" },
        { id: "j", type: "set", join: "first", config: { value: "{{ $json }}" } },
      ],
      ["start -> fast", "start -> slow", "fast -> j", "slow -> j"],
    ),
    handler: (command) => (command.run === "slow" ? "hang" : "won"),
    after: (world) => world.answer(world.held[0] as never, "late"),
  },
  nestedLoops: {
    definition: workflow(
      [
        start,
        {
          id: "outer",
          type: "foreach",
          config: { items: "{{ $json.rows }}", concurrency: 2, onError: "collect" },
        },
        { id: "inner", type: "foreach", parent: "outer", config: { items: "{{ $json }}", batchSize: 2 } },
        { id: "x", type: "call", parent: "inner" },
      ],
      ["start -> outer"],
    ),
    input: [{ rows: [[1, 2, 3], [], [4]] }],
    handler: (command) =>
      command.items[0]?.json === 4 ? { fail: { code: "FOUR" } } : (command.items[0]?.json as Json),
  },
  whileLoop: {
    definition: workflow(
      [
        start,
        { id: "w", type: "while", config: { condition: "{{ $json < 3 }}", maxIterations: 9 } },
        { id: "add", type: "call", parent: "w" },
      ],
      ["start -> w"],
    ),
    input: [0],
    handler: (command) => (command.items[0]?.json as number) + 1,
  },
  breakOut: {
    definition: workflow(
      [
        start,
        { id: "l", type: "foreach" },
        { id: "i", type: "if", parent: "l", config: { condition: "{{ $json === 2 }}" } },
        { id: "stop", type: "break", parent: "l" },
        { id: "x", type: "call", parent: "l" },
      ],
      ["start -> l", "i:true -> stop", "i:false -> x"],
    ),
    input: [1, 2, 3],
  },
  tryCatchFinally: {
    definition: workflow(
      [
        start,
        { id: "t", type: "try" },
        { id: "x", type: "call", parent: "t" },
        { id: "c", type: "set", parent: "t", section: "catch", config: { value: "{{ $json.error.code }}" } },
        { id: "f", type: "call", parent: "t", section: "finally" },
      ],
      ["start -> t"],
    ),
    handler: (command) => (command.node === "x" ? { fail: { code: "BAD" } } : "ok"),
  },
  saga: {
    definition: workflow(
      [
        start,
        { id: "s", type: "saga", errorHandling: { onError: "errorPort" } },
        { id: "stock", type: "call", parent: "s", compensate: "unstock" },
        { id: "pay", type: "once", parent: "s", compensate: "refund" },
        { id: "unstock", type: "call", parent: "s", section: "compensation" },
        { id: "refund", type: "call", parent: "s", section: "compensation" },
        { id: "tell", type: "set", config: { value: "{{ $json.error.code }}" } },
      ],
      ["start -> s", "stock -> pay", "s:error -> tell"],
    ),
    input: [{ order: 1 }, { order: 2 }],
    handler: (command) =>
      command.node === "pay" && command.index === 1
        ? { fail: { code: "DECLINED", certainty: "unknown" } }
        : "ok",
  },
  waits: {
    definition: workflow(
      [
        start,
        { id: "w", type: "wait", config: { for: "duration", seconds: 5 } },
        { id: "sig", type: "wait", config: { for: "signal", signal: "go" } },
        {
          id: "ask",
          type: "approval",
          config: {
            title: "Go on?",
            assignees: ["ann"],
            timeoutSeconds: 60,
            escalate: { afterSeconds: 5, assignees: ["bob"] },
          },
        },
      ],
      ["start -> w", "w -> sig", "sig -> ask"],
    ),
    after: (world) => {
      world.send({ type: "SignalReceived", name: "go", id: "s1", payload: 1 }).run(1);
      world.send({ type: "WaitAnswered", wait: "w2", decision: "approve", data: { ok: true }, by: "bob" });
    },
  },
  subworkflow: {
    definition: workflow(
      [
        start,
        { id: "sub", type: "subworkflow", config: { workflow: "child", mode: "each" } },
        { id: "r", type: "respond" },
      ],
      ["start -> sub", "sub -> r"],
    ),
    input: [1, 2],
    after: (world) => {
      world.send({ type: "ChildFinished", command: "sub:1", attempt: 1, items: [{ json: 2 }] });
      world.send({ type: "ChildFinished", command: "sub:0", attempt: 1, items: [{ json: 1 }] });
    },
  },
  cancelled: {
    definition: workflow(
      [
        start,
        { id: "t", type: "try" },
        { id: "x", type: "read", parent: "t" },
        { id: "f", type: "call", parent: "t", section: "finally" },
      ],
      ["start -> t"],
    ),
    handler: (command) => (command.node === "x" ? "hang" : "cleaned"),
    after: (world) => world.send({ type: "PauseRequested" }, { type: "CancelRequested", reason: "enough" }),
  },
  parked: {
    definition: workflow(
      [start, { id: "a", type: "once", errorHandling: { onError: "park" } }],
      ["start -> a"],
    ),
    input: [1, 2],
    handler: (command) => (command.index === 1 ? { fail: { code: "ODD" } } : "ok"),
    after: (world) =>
      world.send({ type: "ParkResolved", run: "a", item: 1, action: "output", output: "by hand", by: "ann" }),
  },
};

for (const [name, story] of Object.entries(STORIES)) {
  const file = new URL(`${name}.json`, import.meta.url);
  if (existsSync(file)) continue;
  const world = new World(story.definition, story.handler).start(story.input).run();
  story.after?.(world);
  world.run();
  writeFileSync(file, `${JSON.stringify(historyOf(name, story.definition, world.facts), null, 1)}\n`);
}

function historyOf(name: string, definition: WorkflowDefinition, facts: readonly Fact[]): object {
  const turns: { facts: Fact[]; stateHash: string }[] = [];
  for (const fact of facts) {
    if (fact.t === "Now") turns.push({ facts: [], stateHash: "" });
    turns.at(-1)?.facts.push(fact);
  }
  const { program } = new World(definition);
  const state = newState();
  for (const turn of turns) {
    for (const fact of turn.facts) evolve(program, state, JSON.parse(JSON.stringify(fact)) as Fact);
    turn.stateHash = canonicalHash(state);
  }
  return { name, recorded: "0.1.0", definition, turns };
}
