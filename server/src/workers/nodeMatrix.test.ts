// Every node type that runs as an activity, in the threads of workers: wrong input is refused with its place; killed in
// the middle, it is issued again under the same key, or (`once`) never again by itself; cancelled, it stops. (Whole
// processes are killed in workers.db.test.ts and in the proof; here one thread holds all node types at once.)
// The world of these activities is one that takes every question and does not answer until it is told to.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { PROTOCOL } from "@auraos/contract";
import type { Effect, Json, JsonObject, RunActivity } from "@auraos/kernel";
import { type ActivityContext, ActivityError, type NodeModule, nodeTypes } from "@auraos/nodes";
import type { ActivityOutcome } from "../engine/engine.types.ts";
import { until } from "../testing/runningServer.ts";
import { createWorkerPool } from "./pool.ts";
import type { PoolWorker } from "./pool.types.ts";
import { CALLS_MAX, type ExecutorData, type FromExecutor } from "./process/link.ts";

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
});
const threads = new Set<Worker>();
after(async () => {
  pool.close();
  await Promise.all([...threads].map((thread) => thread.terminate()));
  rmSync(scratch, { recursive: true, force: true });
});

/** A worker of one thread that takes everything at once. */
function joinThread(): Promise<{ worker: PoolWorker; kill(): Promise<void> }> {
  const workerData: ExecutorData = { allowHosts: null, scratch, firstCall: threads.size * CALLS_MAX };
  const thread = new Worker(new URL("./process/executor.ts", import.meta.url), { workerData, env: {} });
  threads.add(thread);
  return new Promise((resolve) => {
    let worker: PoolWorker;
    const channel = {
      send: (message: object) => thread.postMessage(structuredClone(message)),
      kill: () => void thread.terminate(),
    };
    thread.on("message", (message: FromExecutor) => {
      if (message.type !== "ready") return pool.hear(worker, message);
      const { nodeTypes } = message;
      const hello = {
        type: "hello",
        protocol: PROTOCOL,
        version: "test",
        name: "thread",
        labels: [],
      } as const;
      worker = pool.join(
        channel,
        { ...hello, labels: [], concurrency: 64, nodeTypes, host: "here", pid: process.pid },
        { kind: "local", orgId: null },
      );
      const kill = async () => {
        await thread.terminate();
        pool.leave(worker);
      };
      resolve({ worker, kill });
    });
  });
}

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
    files: all("read", "write", "list", "remove", "locate"),
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

type Started = { module: NodeModule; effect: Effect; command: string; outcome: Promise<ActivityOutcome> };

function start(module: NodeModule, name: string, signal: AbortSignal): Started {
  const config = configOf(module);
  const effect = module.effectOf?.(config) ?? module.effect;
  const command = `${name} ${module.type}`;
  const items = [{ json: { text: "x" }, files }];
  const activity: RunActivity = {
    ...{ type: "RunActivity", command, run: "r", node: "n", nodeType: module.type, attempt: 1 },
    ...{ effect, confirm: false, key: `key of ${command}`, config, items, inputs: { main: items }, index: 0 },
    ...{ timeoutMs: 600_000, nowMs: 1_767_225_600_000, seed: "s", zone: "UTC" },
  };
  const about = { orgId: "o", workflowId: "w", executionId: "e", mode: "production" as const };
  return { module, effect, command, outcome: pool.run(activity, about, signal) };
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
  const first = await joinThread();
  const started = wave.map((module) => start(module, "kill", new AbortController().signal));
  for (const one of started) await inTheMiddle(one);
  await first.kill();
  await joinThread();
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

test("what cannot run in a worker says so", async () => {
  for (const type of elsewhere) {
    const module = activities.find((one) => one.type === type) as NodeModule;
    const outcome = await start(module, "elsewhere", new AbortController().signal).outcome;
    assert.ok(outcome.kind === "failed");
    assert.match(outcome.failure.code, /^(FILE_ELSEWHERE|TEST_OVER)$/);
    assert.equal(outcome.failure.certainty, "notDone");
  }
});
