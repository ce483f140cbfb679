// The timeline, from histories that the kernel itself makes: the test plays the world.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate } from "@auraos/expression";
import {
  advance,
  compile,
  type Event,
  type Fact,
  type NodeType,
  newState,
  type RunActivity,
} from "@auraos/kernel";
import { findNodeType } from "@auraos/nodes";
import { newProjection, project } from "./project.ts";
import { itemAt, itemRunView, parkedViews, runView, waitViews } from "./view.ts";

const call: NodeType = {
  type: "call",
  version: 1,
  category: "action",
  effect: "idempotent",
  per: "item",
  ports: ["main"],
};
const start = { id: "start", type: "trigger.manual", config: {} };

function world(nodes: object[], connections: object[]) {
  const definition = { name: "w", nodes: [start, ...nodes], connections };
  const compiled = compile(definition, (type) => (type === "call" ? call : findNodeType(type)), {
    compileTemplate,
  });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  const { program } = compiled;
  const state = newState();
  const projection = newProjection(program);
  let seq = 0;
  let nowMs = 1_000;
  return {
    projection,
    run: (id: string) => {
      const record = projection.runs.get(id);
      assert.ok(record, `no run ${id} in ${[...projection.runs.keys()]}`);
      return { ...runView(projection, record), record };
    },
    /** Gives what is to be done next. */
    tell(events: Event[], at = nowMs + 10): RunActivity[] {
      nowMs = at;
      const todo: RunActivity[] = [];
      for (let given = events, more = true; more; given = []) {
        const turn = advance(program, state, given, nowMs);
        // As it will be read: written down and parsed again.
        if (turn.facts.length > 0)
          project(projection, ++seq, JSON.parse(JSON.stringify(turn.facts)) as Fact[]);
        todo.push(...turn.commands.filter((command) => command.type === "RunActivity"));
        more = turn.more;
      }
      return todo;
    },
  };
}

const begin = (...items: unknown[]): Event => ({
  type: "ExecutionStarted",
  start: {
    executionId: "e",
    orgId: "o",
    workflowId: "w",
    workflowName: "w",
    versionId: "v",
    mode: "production",
    seed: "s",
    depth: 0,
    effectRoot: "e",
    generation: 0,
  },
  items: items.map((json) => ({ json: json as never })),
});
const done = ({ command, attempt }: RunActivity, json: unknown): Event => ({
  type: "ActivitySucceeded",
  command,
  attempt,
  outputs: { main: { items: [{ json: json as never }] } },
});
const failed = ({ command, attempt }: RunActivity, retryable: boolean): Event => ({
  type: "ActivityFailed",
  command,
  attempt,
  failure: { code: "HTTP_503", class: "server", message: "busy", retryable, certainty: "notDone" },
});

test("attempts per item, with their errors and waits; outputs by item", () => {
  const retry = { attempts: 3, delayMs: 100, backoff: "constant", jitter: 0 };
  const w = world(
    [{ id: "c", type: "call", config: {}, errorHandling: { retry } }],
    [{ from: "start", to: "c" }],
  );
  const [one, two] = w.tell([begin({ n: 1 }, { n: 2 })]);
  assert.ok(one && two);
  w.tell([done(one, { ok: 1 }), failed(two, true)]);
  assert.deepEqual([w.run("c").status, w.run("c").itemsDone, w.run("c").itemsTotal], ["running", 1, 2]);
  const [again] = w.tell([], 2_000);
  assert.ok(again);
  w.tell([done(again, { ok: 2 })]);

  const run = w.run("c");
  assert.deepEqual([run.status, run.itemsIn, run.itemsOut, run.attempts], ["succeeded", 2, { main: 2 }, 3]);
  assert.deepEqual(
    run.record.outputs.main?.map(({ json }) => json),
    [{ ok: 1 }, { ok: 2 }],
  );
  assert.deepEqual(itemAt(run.record.input, 1)?.json, { n: 2 });
  const { attempts } = itemRunView(1, run.record.attempts.get(1) ?? []);
  assert.deepEqual(
    attempts.map(({ attempt, status }) => [attempt, status]),
    [
      [1, "retrying"],
      [2, "succeeded"],
    ],
  );
  assert.equal(attempts[0]?.failure?.code, "HTTP_503");
  assert.ok((attempts[0]?.retryAt ?? "") > (attempts[0]?.at ?? ""));
  assert.deepEqual(
    run.spans?.map(({ kind }) => kind),
    ["attempt", "failed", "backoff", "attempt"],
  );
});

test("a failure at last: the run, its item and what succeeded before it", () => {
  const w = world([{ id: "c", type: "call", config: {} }], [{ from: "start", to: "c" }]);
  const [one, two] = w.tell([begin({ n: 1 }, { n: 2 })]);
  assert.ok(one && two);
  w.tell([done(one, { ok: 1 })]);
  w.tell([failed(two, false)]);
  const run = w.run("c");
  assert.deepEqual([run.status, run.failure?.code, run.itemsDone], ["failed", "HTTP_503", 2]);
  assert.deepEqual(
    run.record.partial?.results[0]?.main?.items.map(({ json }) => json),
    [{ ok: 1 }],
  );
  assert.equal(itemRunView(1, run.record.attempts.get(1) ?? []).attempts[0]?.status, "failed");
  assert.equal(w.projection.state.failure?.code, "HTTP_503");
});

test("what code wrote is with the attempt that wrote it, whether it failed or not", () => {
  const retry = { attempts: 2, delayMs: 100, backoff: "constant", jitter: 0 };
  const w = world(
    [{ id: "c", type: "call", config: {}, errorHandling: { retry } }],
    [{ from: "start", to: "c" }],
  );
  const [first] = w.tell([begin({ n: 1 })]);
  assert.ok(first);
  const failure = { code: "CODE_THREW", class: "code", message: "x", retryable: true, certainty: "notDone" };
  const { command } = first;
  w.tell([
    {
      type: "ActivityFailed",
      command,
      attempt: 1,
      failure: { ...failure, detail: { logs: ["before"] } } as never,
    },
  ]);
  const [second] = w.tell([], 2_000);
  assert.ok(second);
  w.tell([
    { type: "ActivityProgressed", command, attempt: 2, step: 0, entry: { logs: ["one", "two"] } },
    done(second, { ok: true }),
  ]);
  const run = w.run("c");
  assert.deepEqual([run.logLines, run.steps, run.status], [3, undefined, "succeeded"]);
  assert.deepEqual(
    itemRunView(0, [...run.record.attempts.values()].flat()).attempts.map(({ logs }) => logs),
    [["before"], ["one", "two"]],
  );
});

test("parked until a person decides", () => {
  const w = world(
    [{ id: "c", type: "call", config: {}, errorHandling: { onError: "park" } }],
    [{ from: "start", to: "c" }],
  );
  const [one] = w.tell([begin({ n: 1 })]);
  assert.ok(one);
  w.tell([failed(one, false)]);
  const [parked] = parkedViews(w.projection);
  assert.deepEqual([w.run("c").status, parked?.run, parked?.failure.code], ["parked", "c", "HTTP_503"]);
  const [again] = w.tell([
    {
      type: "ParkResolved",
      run: "c",
      ...(parked?.item === undefined ? {} : { item: parked.item }),
      action: "retry",
    },
  ]);
  assert.ok(again);
  assert.equal(w.run("c").status, "running");
  w.tell([done(again, { ok: 1 })]);
  assert.deepEqual([w.run("c").status, w.run("c").failure], ["succeeded", undefined]);
});

test("iterations of a loop, skipped branches and waits", () => {
  const w = world(
    [
      { id: "each", type: "foreach", config: {} },
      { id: "in", type: "set", parent: "each", config: { fields: { twice: "{{ $json.n * 2 }}" } } },
      { id: "big", type: "if", config: { condition: "{{ $json.twice > 100 }}" } },
      { id: "never", type: "noop", config: {} },
      { id: "wait", type: "wait", config: { for: "signal", signal: "go" } },
    ],
    [
      { from: "start", to: "each" },
      { from: "each", port: "done", to: "big" },
      { from: "big", port: "true", to: "never" },
      { from: "big", port: "false", to: "wait" },
    ],
  );
  w.tell([begin({ n: 1 }, { n: 2 })]);
  assert.deepEqual(w.run("each").itemsOut, { done: 2 });
  assert.deepEqual(
    w.run("each#1/in").record.outputs.main?.map(({ json }) => json),
    [{ n: 2, twice: 4 }],
  );
  assert.deepEqual([w.run("never").status, w.run("never").why], ["skipped", "notChosen"]);
  assert.equal(w.run("wait").status, "waiting");
  const [open] = waitViews(w.projection, { resume: () => "url", form: () => "url" });
  assert.deepEqual([open?.kind, open?.signal, open?.resumeUrl], ["signal", "go", undefined]);
  w.tell([{ type: "SignalReceived", name: "go", id: "1", payload: { ok: true } }]);
  assert.equal(w.run("wait").status, "succeeded");
  const [span] = w.run("wait").spans ?? [];
  assert.ok(span?.kind === "wait" && span.endedAt !== null && span.endedAt > span.at);
  assert.equal(w.projection.state.status, "succeeded");
});
