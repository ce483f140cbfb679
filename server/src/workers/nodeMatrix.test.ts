// Every node type that runs as an activity, in the threads of workers: wrong input is refused with its place; killed in
// the middle, it is issued again under the same key, or (`once`) never again by itself; cancelled, it stops; the time
// limit of its step ends it. (Whole processes are killed in workers.db.test.ts and in the proof; here one thread holds
// all node types at once.) The world of these activities takes every question and does not answer until it is told to.
// SQLite opens its file where the server is, in a process of its own: it is met there, with a statement without an end.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import type { Effect, Evaluator, Json, JsonObject, RunActivity, WorkflowDefinition } from "@auraos/kernel";
import {
  type ActivityContext,
  ActivityError,
  configSchema,
  findNodeType,
  type NodeModule,
  nodeTypes,
} from "@auraos/nodes";
import { closeProcesses } from "@auraos/nodes/sqlite/processes.ts";
import { createActivityRunner } from "../activities/createActivityRunner.ts";
import { systemClock } from "../engine/clock.ts";
import { createEngine } from "../engine/createEngine.ts";
import type { ActivityOutcome, ActivityRunner, Engine } from "../engine/engine.types.ts";
import { createIds } from "../engine/ids.ts";
import { createMemoryStore } from "../engine/memory/store.ts";
import { until } from "../testing/runningServer.ts";
import { createWorkerPool } from "./pool.ts";
import { threadWorkers } from "./threadWorkers.fixture.ts";

/** Nothing is asked of the server before the end, or it cannot run in a worker at all (and says so). */
const elsewhere = new Set(["sqlite"]);

const asked = new Map<string, { count: number; keys: Set<string> }>();
let answerNow = () => {};
let answered = new Promise<void>((resolve) => {
  answerNow = resolve;
});
const scratch = mkdtempSync(join(tmpdir(), "auraos-matrix-"));
const pool = createWorkerPool({
  context: (activity) => silentWorld(activity),
  isLibrary: () => true,
  newId: () => crypto.randomUUID(),
  nowMs: Date.now,
  log: () => {},
  lostAfterMs: 60_000,
  // Whoever hangs here hangs until the test answers, and takes nobody along.
  graceMs: 60_000,
});
const threads = threadWorkers(pool, scratch);
after(async () => {
  pool.close();
  await threads.end();
  rmSync(scratch, { recursive: true, force: true });
});

function silentWorld(activity: RunActivity): ActivityContext {
  const wait = async (): Promise<never> => {
    const about = asked.get(activity.command) ?? { count: 0, keys: new Set() };
    about.count += 1;
    about.keys.add(activity.key);
    asked.set(activity.command, about);
    await answered;
    throw new ActivityError({ code: "TEST_OVER", class: "server", message: "over", certainty: "notDone" });
  };
  const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, wait]));
  return {
    http: all("request"),
    addressOf: wait,
    credential: wait,
    blobs: {
      put: wait,
      get: wait,
      async *stream() {
        yield await wait();
      },
    },
    files: {
      ...all("read", "write", "list", "remove", "locate"),
      async *stream() {
        yield await wait();
      },
    },
    tables: all("find", "count", "ensure", "write"),
    record: wait,
    runWorkflow: wait,
    publish: wait,
    log() {},
  } as unknown as ActivityContext;
}

const activities = nodeTypes.filter(({ run }) => run !== undefined);
const file = { blob: "o.2026-01-01.e.b", name: "data.csv", mimeType: "text/csv", bytes: 3 };
const files = { data: file, orders: file, customers: file };

/** The node's own example with its templates filled in; code computes until it is stopped. */
function configOf({ type, example = {} }: NodeModule): JsonObject {
  if (type === "code") return { code: "for (;;) {}" };
  return filled(example) as JsonObject;
}

function filled(value: Json): Json {
  if (typeof value === "string")
    return value.replace(/\{\{.*?\}\}/g, (hole) => (/email/i.test(hole) ? "a@example.com" : "2026-01-01"));
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one)]));
}

const about = { orgId: "o", workflowId: "w", executionId: "e", mode: "production" as const };

type Started = { module: NodeModule; effect: Effect; command: string; outcome: Promise<ActivityOutcome> };

function start(module: NodeModule, name: string, signal: AbortSignal): Started {
  const activity = activityOf(module, `${name} ${module.type}`, configOf(module));
  const { effect, command } = activity;
  return { module, effect, command, outcome: pool.run(activity, about, signal) };
}

function activityOf(module: NodeModule, command: string, config: JsonObject): RunActivity {
  const effect = module.effectOf?.(config) ?? module.effect;
  const items = [{ json: { text: "x" }, files }];
  return {
    ...{ type: "RunActivity", command, run: "r", node: "n", nodeType: module.type, attempt: 1 },
    ...{ effect, confirm: false, key: `key of ${command}`, config, items, inputs: { main: items }, index: 0 },
    ...{ timeoutMs: 600_000, nowMs: 1_767_225_600_000, seed: "s", zone: "UTC" },
  };
}

const isInTheMiddle = ({ command, module }: Started, times = 1) =>
  module.type === "code"
    ? pool
        .list()
        .some(({ running }) => [...running.values()].some(({ activity }) => activity.command === command))
    : (asked.get(command)?.count ?? 0) >= times;

test("wrong input is refused with the field it stands in", () => {
  for (const { type, checkConfig } of nodeTypes) {
    const problems = checkConfig?.({ notAField: 1 }) ?? [];
    const found = problems.find(({ field }) => field === "notAField");
    assert.ok(found?.message, `${type} takes a field it does not know`);
    for (const problem of problems) assert.equal(typeof problem.field, "string", type);
  }
});

test("a value of a wrong kind is refused in every field of every node, with the field it stands in", () => {
  let count = 0;
  for (const { type, checkConfig, schema, example } of nodeTypes) {
    const { properties } = configSchema(schema) as {
      properties: Record<string, { type?: unknown; enum?: unknown }>;
    };
    for (const [field, about] of Object.entries(properties)) {
      if (
        about.enum === undefined &&
        !["string", "number", "integer", "boolean", "array"].includes(String(about.type))
      )
        continue;
      count += 1;
      const problems = checkConfig?.({ ...example, [field]: { wrong: true } }) ?? [];
      const found = problems.find(
        (problem) => problem.field === field || problem.field?.startsWith(`${field}.`),
      );
      assert.ok(found, `${type} takes an object for ${field}`);
      assert.ok(found.code !== "" && found.message.length > 5, `${type}: ${field}`);
    }
  }
  assert.ok(count > 300, String(count));
});

const wave = activities.filter(({ type }) => !elsewhere.has(type));

/** A node that ends before it asks anything cannot be met in the middle: its example is not enough, or it is new here. */
async function inTheMiddle(one: Started): Promise<void> {
  const ended = one.outcome.then((outcome) => {
    throw new Error(`${one.module.type} ended at once: ${JSON.stringify(outcome)}`);
  });
  await Promise.race([until(async () => isInTheMiddle(one), 60_000), ended]);
  ended.catch(() => {});
}

test("killed in the middle: issued again under the same key, and `once` never again by itself", async () => {
  const first = await threads.join();
  const started = wave.map((module) => start(module, "kill", new AbortController().signal));
  for (const one of started) await inTheMiddle(one);
  await first.kill();
  await threads.join();
  assert.ok(new Set(started.map(({ effect }) => effect)).size === 3, "read, idempotent and once are all met");
  for (const one of started) {
    if (one.effect !== "once") {
      await until(async () => isInTheMiddle(one, 2), 60_000);
      continue;
    }
    const outcome = await one.outcome;
    assert.ok(outcome.kind === "failed");
    const { code, certainty, lost } = outcome.failure;
    assert.deepEqual([code, certainty, lost], ["WORKER_LOST", "unknown", true], one.module.type);
    assert.equal(asked.get(one.command)?.count, 1, `${one.module.type} is not sent again`);
  }
  answerNow();
  for (const { command, outcome, module } of started) {
    assert.notEqual((await outcome).kind, "confirmed");
    assert.ok((asked.get(command)?.keys.size ?? 1) === 1, `${module.type} keeps its key`);
  }
});

test("cancelled: it stops, and the worker is free again", async () => {
  answered = new Promise((resolve) => {
    answerNow = resolve;
  });
  const cancel = new AbortController();
  const started = wave.map((module) => start(module, "cancel", cancel.signal));
  for (const one of started) await until(async () => isInTheMiddle(one), 60_000);
  cancel.abort();
  answerNow();
  for (const { outcome, module } of started) assert.equal((await outcome).kind, "failed", module.type);
  await until(async () => pool.list().every(({ running }) => running.size === 0), 60_000);
});

// -- The time limit of a step --------------------------------------------------------------------------------------

/** Shorter than what code may compute by its own limit. */
const limited = { timeoutMs: 400, retry: { attempts: 2, delayMs: 1 } };
const ids = createIds();
const definitions = new Map<string, WorkflowDefinition>();
async function engineWith(activities: ActivityRunner) {
  const engine = createEngine({
    store: createMemoryStore(Date.now),
    clock: systemClock,
    ids,
    versions: {
      async definition(versionId) {
        const definition = definitions.get(versionId);
        const about = { workflowId: versionId, workflowName: "limited", orgId: "o" };
        return definition && { definition, ...about };
      },
      published: async () => undefined,
    },
    payloads: { put: async () => assert.fail("nothing is that large"), get: async () => new Uint8Array() },
    activities,
    evaluator: asWritten,
    nodeType: findNodeType,
    holder: { id: ids.execution(Date.now()), host: "test", pid: process.pid, address: null },
    log() {},
  });
  await engine.begin();
  after(() => engine.stop({ drainMs: 0 }));
  return engine;
}

/** The examples have no templates left. */
const asWritten: Evaluator = {
  compileTemplate: (source) => ({
    ok: true,
    template: { nodes: [], isConstant: true, usesItem: false, evaluate: () => source },
  }),
};

/** Runs a workflow of this one node with the limit; the outcome of its execution. */
async function runLimited(engine: Engine, type: string, config: JsonObject) {
  const versionId = ids.execution(Date.now());
  definitions.set(versionId, {
    name: "limited",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "node", type, config, errorHandling: limited },
    ],
    connections: [{ from: "start", to: "node" }],
  });
  const about = { orgId: "o", envId: "e", workflowId: versionId, workflowName: "limited", versionId };
  const items = [{ json: { text: "x" }, files }];
  const started = await engine.start({ ...about, mode: "production", items });
  assert.ok(started.kind === "started", JSON.stringify(started));
  const end = await engine.waitFor(started.executionId, 60_000);
  assert.ok(end.kind === "finished" && end.failure, `${type}: ${JSON.stringify(end)}`);
  return end.failure;
}

test("the time limit of the step ends it: tried again under the same key, but `once` is unknown and never sent again", async () => {
  answered = new Promise((resolve) => {
    answerNow = resolve;
  });
  const begun = new Map<string, string[]>();
  const engine = await engineWith({
    worker: "matrix",
    run(activity, about, signal) {
      begun.set(activity.nodeType, [...(begun.get(activity.nodeType) ?? []), activity.key]);
      return pool.run({ ...activity, command: `time ${activity.nodeType}` }, about, signal);
    },
  });
  await Promise.all(
    wave.map(async (module) => {
      const { type } = module;
      const config = configOf(module);
      const { code, class: kind, certainty } = await runLimited(engine, type, config);
      // On a machine that stands still for a second, code meets its own limit first.
      if (type === "code" && code === "CODE_TIME_LIMIT") return;
      assert.deepEqual([code, kind, certainty], ["TIMEOUT", "timeout", "unknown"], type);
      const keys = begun.get(type) ?? [];
      const isOnce = (module.effectOf?.(config) ?? module.effect) === "once";
      assert.equal(keys.length, isOnce ? 1 : 2, `${type} is sent so often`);
      assert.equal(new Set(keys).size, 1, `${type} keeps its key`);
    }),
  );
  answerNow();
  await until(async () => pool.list().every(({ running }) => running.size === 0), 60_000);
});

// -- What runs beside the server, not in a worker -------------------------------------------------------------------

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
const statements: Record<string, JsonObject> = {
  read: { sql: `${endless} SELECT count(*) AS n FROM n` },
  idempotent: { access: "repeatable", sql: `${endless} INSERT OR IGNORE INTO t SELECT i FROM n` },
  once: { access: "write", sql: `${endless} INSERT INTO t SELECT i FROM n` },
};
const databaseFile = join(scratch, "matrix.db");
const rowsThere = () => {
  const database = new DatabaseSync(databaseFile);
  const { n } = database.prepare("SELECT count(*) AS n FROM t").get() as { n: number };
  database.close();
  return n;
};
/** As the server runs it. */
const beside = createActivityRunner({
  module: findNodeType,
  worker: "matrix",
  log() {},
  reach: { files: () => ({ locate: async () => databaseFile }) },
} as unknown as Parameters<typeof createActivityRunner>[0]);

const onlyLinux = process.platform === "linux" ? {} : { skip: "it finds the process in /proc" };

test(
  "SQLite: killed, cancelled or over its time limit, a statement is undone; of a change the outcome is unknown",
  onlyLinux,
  async () => {
    const made = new DatabaseSync(databaseFile);
    made.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (i INTEGER)");
    made.close();
    after(closeProcesses);
    const sqlite = findNodeType("sqlite") as NodeModule;
    for (const [effect, statement] of Object.entries(statements)) {
      const config = { file: "matrix.db", ...statement };
      assert.equal(sqlite.effectOf?.(config), effect);
      const certainty = effect === "read" ? "notDone" : "unknown";
      const run = (signal: AbortSignal) =>
        beside.run(activityOf(sqlite, `sqlite ${effect}`, config), about, signal);

      const children = statementProcesses();
      const killed = run(new AbortController().signal);
      const pid = await until(async () => statementProcesses().find((one) => !children.includes(one)));
      process.kill(pid as number, "SIGKILL");
      const died = await killed;
      assert.ok(died.kind === "failed");
      assert.deepEqual([died.failure.code, died.failure.certainty], ["SQL_DIED", certainty], effect);

      const cancel = new AbortController();
      const cancelled = run(cancel.signal);
      await until(async () => statementProcesses().length > 0);
      cancel.abort();
      const stopped = await cancelled;
      assert.ok(stopped.kind === "failed");
      assert.deepEqual([stopped.failure.code, stopped.failure.certainty], ["CANCELLED", certainty], effect);

      const keys: string[] = [];
      const engine = await engineWith({
        worker: "matrix",
        run(activity, about, signal) {
          keys.push(activity.key);
          return beside.run(activity, about, signal);
        },
      });
      const late = await runLimited(engine, "sqlite", config);
      assert.deepEqual([late.code, late.class, late.certainty], ["TIMEOUT", "timeout", "unknown"], effect);
      assert.deepEqual([keys.length, new Set(keys).size], [effect === "once" ? 1 : 2, 1], effect);
      await until(async () => statementProcesses().length === 0);
      assert.equal(rowsThere(), 0, `${effect} left rows behind`);
    }
  },
);

/** Processes that this one has started; it starts them for statements only. */
function statementProcesses(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).map(Number);
}

test("what cannot run in a worker says so", async () => {
  for (const type of elsewhere) {
    const module = activities.find((one) => one.type === type) as NodeModule;
    const outcome = await start(module, "elsewhere", new AbortController().signal).outcome;
    assert.ok(outcome.kind === "failed");
    assert.match(outcome.failure.code, /^(FILE_ELSEWHERE|TEST_OVER)$/);
    assert.equal(outcome.failure.certainty, "notDone");
  }
});
