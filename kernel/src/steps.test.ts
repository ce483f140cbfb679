// Activities that do several steps, and sub-nodes that configure another node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.ts";
import type { Event } from "./events.ts";
import type { NodeType } from "./nodeType.ts";
import { evaluator, nodeTypes, World, workflow } from "./testing/world.ts";

const step = (
  place: number,
  entry: string,
  more: Partial<Event & { type: "ActivityProgressed" }> = {},
): Event => ({
  ...{ type: "ActivityProgressed", command: "n", attempt: 1, step: place, entry },
  ...more,
});

function hanging(errorHandling: object = {}): World {
  const nodes = [
    { id: "t", type: "trigger.manual" },
    { id: "n", type: "call", errorHandling },
  ];
  return new World(workflow(nodes, ["t -> n"]), () => "hang").start();
}

test("a step is recorded once, in order, and comes back with the command after a restart", () => {
  const world = hanging();
  world.send(step(0, "asked"));
  world.send(step(0, "asked again"));
  assert.deepEqual(world.refused, [{ index: 0, code: "CLOSED" }]);
  world.send(step(2, "too early"));
  world.send(step(1, "called"));
  world.send(step(2, "ghost", { attempt: 2 }), step(2, "stranger", { command: "other" }));
  assert.equal(world.refused.length, 2);
  assert.deepEqual(world.state.commands.n?.steps, ["asked", "called"]);
  assert.deepEqual(world.restored(), world.state);
});

test("steps outlive a retry and a decision, and end with the run", () => {
  const world = hanging({ retry: { attempts: 2, delayMs: 10 } });
  world.send(step(0, "asked"));
  const fail = (attempt: number, more: object): Event => ({
    ...{ type: "ActivityFailed", command: "n", attempt },
    failure: { code: "F", class: "server", message: "m", ...more },
  });
  world.send(fail(1, { retryable: true }));
  world.nowMs += 60_000;
  world.send();
  assert.deepEqual(world.held.at(-1)?.steps, ["asked"]);
  assert.equal(world.held.at(-1)?.attempt, 2);
  world.send(step(1, "wants to pay", { attempt: 2 }), fail(2, { needsDecision: true }));
  assert.deepEqual(world.state.parked.n?.steps, ["asked", "wants to pay"]);
  assert.equal(world.state.status, "running");
  world.send(step(2, "late", { attempt: 2 }));
  assert.deepEqual(world.refused, [{ index: 0, code: "CLOSED" }]);
  world.send({ type: "ParkResolved", run: "n", action: "retry", by: "ada" });
  const last = world.held.at(-1);
  assert.deepEqual(
    [last?.attempt, last?.steps],
    [3, ["asked", "wants to pay", { decision: "retry", by: "ada" }]],
  );
  assert.deepEqual(world.restored(), world.state);
  world.send({
    type: "ActivitySucceeded",
    command: "n",
    attempt: 3,
    outputs: { main: { items: [{ json: 1 }] } },
  });
  assert.equal(world.state.status, "succeeded");
  world.send(step(2, "late", { attempt: 3 }));
  assert.deepEqual(world.refused, [{ index: 0, code: "CLOSED" }]);
});

test("a decision that a child did not get is not asked for again by its parent", () => {
  const nodes = [
    { id: "t", type: "trigger.manual" },
    { id: "sub", type: "subworkflow", config: { workflow: "child" } },
  ];
  const world = new World(workflow(nodes, ["t -> sub"]), () => "hang").start();
  const failure = { code: "F", class: "data", message: "m", needsDecision: true } as const;
  world.send({ type: "ChildFinished", command: "sub", attempt: 1, failure });
  assert.deepEqual([world.state.status, world.state.parked], ["failed", {}]);
});

const types: NodeType[] = [
  {
    ...{ type: "agent", version: 1, category: "action", effect: "read", per: "item" },
    inputs: [{ name: "main" }, { name: "model", attachment: true }],
    checkConfig: (config, attached) =>
      config.model === undefined && !attached?.model ? [{ field: "model", message: "no model" }] : [],
  },
  {
    type: "model",
    version: 1,
    category: "action",
    effect: "pure",
    per: "item",
    structure: "attachment",
    attaches: "model",
  },
];
const withAgent = (type: string) => types.find((one) => one.type === type) ?? nodeTypes(type);
const agent = (model: object, wires: string[], more: object[] = []) =>
  compile(
    workflow(
      [
        { id: "t", type: "trigger.manual" },
        { id: "a", type: "agent", config: { prompt: "{{ $json.q }}" } },
        { id: "m", type: "model", config: model as never },
        ...(more as never[]),
      ],
      wires,
    ),
    withAgent,
    evaluator,
  );

test("a sub-node becomes part of the config of what it is attached to, evaluated there", () => {
  const result = agent({ name: "{{ $('t').first }}", key: "k" }, ["t -> a", "m -> a:model"]);
  assert.ok(result.ok, JSON.stringify(result));
  const node = result.program.nodes.get("a");
  assert.equal(node?.config.isConstant, false);
  assert.ok(result.program.referenced.has("t"));
  assert.deepEqual(
    node?.wires.map(({ from }) => from),
    ["t"],
  );
  assert.ok(!result.program.frames.get("")?.nodes.includes("m"));
  const resolved = node?.config.resolve({
    ...{ items: [{ json: { q: "why" } }], itemIndex: 0 },
    node: () => ({ items: [{ json: "small" }], paired: () => undefined }),
  } as never);
  const model = [{ id: "m", name: "m", type: "model", config: { name: "small", key: "k" } }];
  assert.deepEqual(resolved, { prompt: "why", attached: { model } });
});

test("what is wrong with a sub-node or its connection is said there", () => {
  const problem = (...given: Parameters<typeof agent>) => {
    const result = agent(...given);
    return result.ok ? undefined : result.problems.map(({ code, path, node }) => [code, path, node])[0];
  };
  assert.deepEqual(problem({}, ["t -> a"]), ["CONFIG_INVALID", "/nodes/1/config/model", "a"]);
  assert.deepEqual(problem({ n: "{{ SYNTAX }}" }, ["t -> a", "m -> a:model"]), [
    "SYNTAX",
    "/nodes/2/config/n",
    "m",
  ]);
  const late = [{ id: "z", type: "set", config: {} }];
  assert.deepEqual(problem({ n: "{{ $('z').first }}" }, ["t -> a", "a -> z", "m -> a:model"], late), [
    ...["UNREADABLE_NODE", "/nodes/2/config/n", "m"],
  ]);
  assert.deepEqual(problem({}, ["t -> a", "m -> a:model", "t -> a:model"]), [
    "NOT_AN_ATTACHMENT",
    "/connections/2/from",
    "t",
  ]);
  assert.deepEqual(problem({}, ["t -> a", "m -> a:model", "m -> a"]), [
    "NOT_A_DATA_NODE",
    "/connections/2/from",
    "m",
  ]);
});
