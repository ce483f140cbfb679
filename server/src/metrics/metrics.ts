// What Prometheus reads. Names are an interface: docs/grafana is held against them by a test.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CommittedTurn, EngineStatus } from "../engine/engine.types.ts";

export type Metrics = {
  registry: Registry;
  request(endpoint: string, status: number, durationMs: number): void;
  turn(turn: CommittedTurn): void;
  activity(nodeType: string, outcome: "succeeded" | "failed", durationMs: number): void;
  /** A schedule fired: how long after it was due, jitter taken off. */
  fire(outcome: string, lateMs: number): void;
};

export type MetricSources = {
  engine: () => EngineStatus;
  liveSubscribers: () => number;
  hooks: () => number;
  pools: () => { name: string; total: number; idle: number; waiting: number }[];
};

const engineStates = [
  "starting",
  "leading",
  "standby",
  "recovering",
  "stopping",
  "stopped",
  "failing",
] as const;

export function createMetrics(sources: () => MetricSources | undefined): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "auraos_" });
  const registers = [registry];
  const requests = new Counter({
    name: "auraos_http_requests_total",
    help: "Requests answered, by endpoint and status.",
    labelNames: ["endpoint", "status"],
    registers,
  });
  const requestSeconds = new Histogram({
    name: "auraos_http_request_seconds",
    help: "Time to the answer.",
    labelNames: ["endpoint"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers,
  });
  const executions = new Counter({
    name: "auraos_executions_total",
    help: "Executions that started and that ended, by event.",
    labelNames: ["event"],
    registers,
  });
  const executionSeconds = new Histogram({
    name: "auraos_execution_seconds",
    help: "Time from the start of an execution to its end.",
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600, 3600, 86_400],
    registers,
  });
  const activities = new Counter({
    name: "auraos_activities_total",
    help: "Activities that ended, by node type and outcome.",
    labelNames: ["type", "outcome"],
    registers,
  });
  const activitySeconds = new Histogram({
    name: "auraos_activity_seconds",
    help: "Time of one attempt of an activity.",
    labelNames: ["type"],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
    registers,
  });
  const fires = new Counter({
    name: "auraos_schedule_fires_total",
    help: "Fires of schedules, by what became of them.",
    labelNames: ["outcome"],
    registers,
  });
  const lateness = new Histogram({
    name: "auraos_schedule_lateness_seconds",
    help: "Time from when a fire was due to its durable start; without fires made up for after a downtime.",
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
    registers,
  });
  gauges(registry, sources);

  const starts = new Map<string, number>();
  return {
    registry,
    request(endpoint, status, durationMs) {
      requests.inc({ endpoint, status });
      requestSeconds.observe({ endpoint }, durationMs / 1000);
    },
    turn({ executionId, facts, atMs }) {
      for (const fact of facts) {
        if (fact.t === "ExecutionStarted") {
          executions.inc({ event: "started" });
          if (starts.size < 100_000) starts.set(executionId, atMs);
        } else if (fact.t === "ExecutionFinished") {
          executions.inc({ event: fact.status });
          const startedMs = starts.get(executionId);
          starts.delete(executionId);
          if (startedMs !== undefined) executionSeconds.observe((atMs - startedMs) / 1000);
        }
      }
    },
    activity(type, outcome, durationMs) {
      activities.inc({ type, outcome });
      activitySeconds.observe({ type }, durationMs / 1000);
    },
    fire(outcome, lateMs) {
      fires.inc({ outcome });
      if (outcome === "started" && lateMs <= 60_000) lateness.observe(Math.max(0, lateMs) / 1000);
    },
  };
}

/** Read when Prometheus asks, not kept up to date in between. */
function gauges(registry: Registry, sources: () => MetricSources | undefined): void {
  const registers = [registry];
  const plain = (name: string, help: string, read: (from: MetricSources) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const from = sources();
        if (from) this.set(read(from));
      },
    });
  plain(
    "auraos_executions_in_memory",
    "Executions held in memory.",
    (from) => from.engine().executionsInMemory,
  );
  plain("auraos_activities_running", "Activities under way.", (from) => from.engine().activitiesRunning);
  plain("auraos_engine_flushes", "Commits since the engine leads.", (from) => from.engine().flushes);
  plain("auraos_engine_turns", "Turns committed since the engine leads.", (from) => from.engine().turns);
  plain("auraos_engine_epoch", "Fencing epoch of the lease.", (from) => from.engine().epoch ?? 0);
  plain("auraos_live_subscribers", "Open subscriptions of the live stream.", (from) =>
    from.liveSubscribers(),
  );
  plain("auraos_webhook_paths", "Registered webhook addresses.", (from) => from.hooks());
  new Gauge({
    name: "auraos_engine_state",
    help: "1 for the state the engine is in.",
    labelNames: ["state"],
    registers,
    collect() {
      const now = sources()?.engine().state;
      for (const state of engineStates) this.set({ state }, state === now ? 1 : 0);
    },
  });
  new Gauge({
    name: "auraos_database_connections",
    help: "Connections of each pool.",
    labelNames: ["pool", "state"],
    registers,
    collect() {
      for (const { name, total, idle, waiting } of sources()?.pools() ?? []) {
        this.set({ pool: name, state: "used" }, total - idle);
        this.set({ pool: name, state: "idle" }, idle);
        this.set({ pool: name, state: "waiting" }, waiting);
      }
    },
  });
}
