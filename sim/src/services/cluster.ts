// The processes: each has a scheduler, a bus and a runner of tasks, all of the product. One leads; others take its place when it dies,
// or while it still believes that it leads.
import { compileTemplate } from "@auraos/expression";
import type { Evaluator } from "@auraos/kernel";
import { createEventBus, type EventBus } from "@auraos/server/events/createEventBus.ts";
import type { Pool } from "@auraos/server/platform/db.ts";
import type { Timers } from "@auraos/server/platform/timers.ts";
import { createScheduler, type Scheduler } from "@auraos/server/schedules/scheduler.ts";
import { createTaskRunner, type TaskRunner } from "@auraos/server/tasks/runner.ts";
import type { Random } from "../random.ts";
import { createHost, EPOCH_MS, type Host } from "../world/host.ts";
import type { Timeline } from "../world/timeline.ts";
import type { Wire } from "./database.ts";
import type { EngineWorld, ServiceEngine } from "./engine.ts";

export type Process = {
  host: Host;
  engine: ServiceEngine;
  scheduler: Scheduler;
  bus: EventBus;
  runner: TaskRunner;
  /** Of the API. */
  api: Pool;
  /** When it began, and when it was dead or deposed. */
  fromMs: number;
  toMs: number | null;
};

export type Published = (
  orgId: string,
  workflow: string,
) => { workflowId: string; workflowName: string; versionId: string } | undefined;

export type Cluster = {
  /** The process that leads, if there is one. */
  current(): Process | null;
  crash(host: Host): void;
  /** Another process takes over from one that does not know it. */
  depose(): void;
  stall(forMs: number): void;
  /** Everything is off until `start`. */
  stopAll(): void;
  start(): void;
  /** The clock of the machine is set. */
  jump(byMs: number): void;
  wallMs(): number;
  processes: readonly Process[];
  crashes(): number;
  troubles: string[];
};

const evaluator = { compileTemplate } as unknown as Evaluator;

/** How long another one is still there after it was deposed. */
const LINGERS_MS = 6_000;
const RECOVERY_MS = 300;

export function createCluster(parts: {
  timeline: Timeline;
  random: Random;
  wire: () => Wire;
  engines: () => EngineWorld;
  published: Published;
  newId: () => string;
}): Cluster {
  const { timeline, random } = parts;
  const processes: Process[] = [];
  const hosts: Host[] = [];
  const troubles: string[] = [];
  let current: Process | null = null;
  let offsetMs = 0;
  let isOff = false;
  let crashes = 0;
  let generation = 0;

  /** The lease first, and what came to an end meanwhile has nobody who listens. */
  function boot(): void {
    const host = createHost(timeline, `p${hosts.length}`, offsetMs);
    hosts.push(host);
    const engine = parts.engines().takeOver(host);
    const before = current;
    if (before) before.toMs = timeline.now();
    current = null;
    if (before?.host.isAlive) timeline.after(LINGERS_MS, () => end(before.host));
    host.arrive(random.int(RECOVERY_MS), () => serve(host, engine));
  }

  function serve(host: Host, engine: ServiceEngine): void {
    // As the real ones: whole milliseconds, at least one.
    const timers: Timers = {
      monotonic: host.clock.monotonic,
      after: (delayMs, act) => host.clock.setTimer(Math.max(1, Math.trunc(delayMs)), act),
    };
    const pool = parts.wire().pool(host, "engine");
    const shared = {
      ...{ pool, engine, timers, newId: parts.newId, nowMs: host.clock.now },
      published: {
        find: async (orgId: string, workflow: string) => parts.published(orgId, workflow),
        forget() {},
      },
      log: (_level: string, message: string, detail?: Record<string, unknown>) => note(message, detail),
    };
    current = {
      ...{ host, engine, api: parts.wire().pool(host, "api"), fromMs: timeline.now(), toMs: null },
      scheduler: createScheduler(shared),
      bus: createEventBus({ ...shared, evaluator }),
      runner: createTaskRunner({
        ...shared,
        nodesOf: async () => new Map(),
        onChange: () => {},
      }),
    };
    processes.push(current);
  }

  /** What is no fault of the world is a mistake of the product. */
  function note(message: string, detail?: Record<string, unknown>): void {
    const error = detail?.error as (Error & { code?: string }) | undefined;
    if (error === undefined || isPlayed(error)) return;
    troubles.push(`${message}: ${error.stack ?? error.message}`);
  }

  function end(host: Host): void {
    if (!host.isAlive) return;
    host.crash();
    parts.engines().leaves(host);
    const process = processes.find((one) => one.host === host);
    if (process && process.toMs === null) process.toMs = timeline.now();
    if (current?.host === host) current = null;
  }

  function crash(host: Host): void {
    if (!host.isAlive) return;
    const isLeading = parts.engines().leader()?.host === host;
    crashes += 1;
    end(host);
    if (isLeading) restart(random.pick([50, 400, 1_500, 6_000]));
  }

  function restart(delayMs: number): void {
    const mine = ++generation;
    timeline.after(delayMs, () => {
      if (!isOff && mine === generation && parts.engines().leader() === null) boot();
    });
  }

  return {
    processes,
    troubles,
    current: () => current,
    crash,
    crashes: () => crashes,
    depose: () => {
      if (!isOff && current) boot();
    },
    stall: (forMs) => current?.host.stall(forMs),
    stopAll: () => {
      isOff = true;
      for (const host of hosts) end(host);
    },
    start: () => {
      isOff = false;
      if (parts.engines().leader() === null) restart(0);
    },
    jump: (byMs) => {
      offsetMs += byMs;
      for (const host of hosts) host.wallOffsetMs = offsetMs;
    },
    wallMs: () => EPOCH_MS + timeline.now() + offsetMs,
  };
}

/** Errors that the world made on purpose, and what the product makes of them. */
function isPlayed(error: Error & { code?: string }): boolean {
  return (
    ["ECONNRESET", "NOT_LEADING"].includes(error.code ?? "") ||
    /BUSY|MAINTENANCE|events stay in the stream|the end of an execution is not there yet|not as this runner knew them/.test(
      error.message,
    )
  );
}
