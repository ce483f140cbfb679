// One story: a database with schedules, subscriptions, tasks and pools; processes that come and go over it; people. Then all
// trouble ends, everything must come to its end, and the checks look back. A story is a function of its seed.

import type { Event } from "@auraos/kernel";
import type { Deps } from "@auraos/server/deps.ts";
import { createRandom } from "../random.ts";
import { createHost } from "../world/host.ts";
import { createTimeline } from "../world/timeline.ts";
import { createVerdict, type Violation } from "../world/verdict.ts";
import { checkServices, type PausedRow } from "./check/all.ts";
import { type RunRow, waitForEver } from "./check/tasks.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { createWire, type ServiceDatabase, type Wire } from "./database.ts";
import { createEngineWorld, type EngineWorld } from "./engine.ts";
import { createPeople } from "./people.ts";
import { type Deed, drawPlan, warpBy } from "./plan.ts";

export type ServiceStory = {
  violations: Violation[];
  executions: number;
  fires: number;
  events: number;
  runs: number;
  crashes: number;
  takeovers: number;
  statements: number;
  virtualMs: number;
  log: string[];
};

export type Admitted = { runId: string; atMs: number; wallMs: number; epoch: number };

type Phase = "catch up" | "wind up" | "quiet";

const QUIET_LOOK_MS = 500;
const QUIET_WITHIN_MS = 4 * 60_000;

export async function playServices(
  database: ServiceDatabase,
  options: { seed: string; hasLog?: boolean; onLine?: (line: string) => void },
): Promise<ServiceStory> {
  const random = createRandom(options.seed);
  const plan = drawPlan(random.stream("plan"));
  const log: string[] = [];
  const timeline = createTimeline();
  const say = (line: string): void => {
    if (!options.hasLog) return;
    const full = `${String(timeline.now()).padStart(7)} ${line}`;
    log.push(full);
    options.onLine?.(full);
  };
  const verdict = createVerdict(({ kind, rule, message }) => say(`${kind} ${rule}: ${message}`));
  await database.reset();

  let newIds = 0;
  const newId = (): string => uuidAt(cluster.wallMs(), newIds++);
  let wire: Wire | undefined;
  let engines: EngineWorld | undefined;
  const names = new Map<string, string>();
  const cluster: Cluster = createCluster({
    ...{ timeline, newId, random: random.stream("cluster") },
    wire: () => wire as Wire,
    engines: () => engines as EngineWorld,
    published: (_orgId, workflow) => {
      const workflowId =
        names.get(workflow) ?? ([...names.values()].includes(workflow) ? workflow : undefined);
      return workflowId === undefined
        ? undefined
        : { workflowId, workflowName: workflow, versionId: workflowId };
    },
  });
  const crash = (host: Parameters<Cluster["crash"]>[0]): void => {
    say(`crash of ${host.id}`);
    cluster.crash(host);
  };
  const admitted: Admitted[] = [];
  wire = createWire({
    ...{
      database,
      timeline,
      crash,
      random: random.stream("wire"),
      faults: plan.wire,
      wallMs: cluster.wallMs,
    },
    onStatement: (name, values, rows) => {
      if (options.hasLog && !QUIET_STATEMENTS.has(name))
        say(`${name} ${shown(rows)}${WRITES.test(name) ? ` of ${shown(values)}` : ""}`);
      if (name !== "task-admit-runs") return;
      const [, wallMs, epoch] = values as [unknown, number, number];
      for (const { id } of rows) admitted.push({ runId: id as string, atMs: timeline.now(), wallMs, epoch });
    },
  });
  const waiter = { workflow: "" };
  engines = createEngineWorld({
    ...{ database, timeline, newId, crash, say, random: random.stream("engine"), faults: plan.engine },
    wallMs: cluster.wallMs,
    waitOf: ({ workflowId, items }) =>
      workflowId === waiter.workflow
        ? `event:${JSON.stringify({ types: ["sim.told"], match: { "data.n": (items[0] as { json: { wants: number } }).json.wants } })}`
        : null,
  });

  const orgId = newId();
  const envId = newId();
  await layOut();
  waiter.workflow = names.get("waiter") as string;
  const subscriptionIds = plan.subscriptions.map(({ name }) => names.get(`${name}/subscription`) as string);
  cluster.start();
  // People are on a machine of their own, which nothing befalls.
  const desk = createHost(timeline, "people", 0);
  const deps = {
    ...{
      api: wire.pool(desk, "api", true),
      journal: wire.pool(desk, "api", true),
      newId,
      nowMs: cluster.wallMs,
    },
    published: { find: async (_orgId: string, workflow: string) => publishedOf(workflow) },
    schedules: { sync: async () => void cluster.current()?.scheduler.sync() },
    events: {
      sync: async () =>
        void cluster
          .current()
          ?.bus.sync()
          .catch(() => {}),
    },
    tasks: { sync: () => cluster.current()?.runner.sync() },
    engine: {
      deliver: (id: string, event: Event) =>
        cluster.current()?.engine.deliver(id, event) ??
        Promise.reject(Object.assign(new Error("away"), { code: "NOT_LEADING" })),
      queued: () => undefined,
    },
  } as unknown as Deps;
  const caller = { orgId, envId, actor: "somebody" } as Parameters<typeof createPeople>[0]["caller"];
  const people = createPeople({
    ...{ plan, deps, caller, cluster, timeline, random: random.stream("people"), subscriptionIds },
    workflowOf: (name) => names.get(name) as string,
    openRuns: async () => {
      const work = database.admin(
        "SELECT id FROM task_executions WHERE status IN ('waiting', 'queued') ORDER BY id",
      );
      timeline.hold(work);
      return (await work).map(({ id }) => id as string);
    },
  });

  const wasSlow = plan.wire.slow > 0 || plan.wire.outages.length > 0;
  let latestWallMs = 0;
  let downMs = 0;
  for (const { atMs, do: deed } of plan.moments) timeline.after(atMs, () => perform(deed));
  const isBusy = await timeline.play(() => false, plan.endMs);
  heal();
  let phase = "catch up" as Phase;
  let stuck = "";
  let endedWallMs = 0;
  let paused: Record<string, unknown>[] = [];
  lookForQuiet();
  const how = await playToQuiet();
  if (isBusy === "busy" || how === "busy")
    verdict.illegal("busy", "somebody goes round and round without waiting");
  else if (phase !== "quiet") verdict.lost("never-ends", `${phase}: ${stuck}`);
  for (const text of people.refusals) verdict.illegal("refusal", text);
  for (const text of cluster.troubles) verdict.illegal("trouble", text);
  const counted = await checkServices({
    ...{
      plan,
      database,
      verdict,
      people,
      admitted,
      engines,
      cluster,
      orgId,
      subscriptionIds,
      workflows: names,
    },
    ...{ isQuiet: phase === "quiet", endedWallMs, wasSlow },
    pausedByItself: new Map(paused.map((row) => [row.id as string, row as PausedRow])),
  });
  // Whoever still waits for time waits for ever.
  cluster.stopAll();
  return {
    ...{ violations: verdict.violations, log, ...counted, executions: engines.executions.length },
    ...{ crashes: cluster.crashes(), takeovers: engines.takeovers().length },
    ...{ statements: wire.statements(), virtualMs: timeline.now() },
  };

  /** What people did while everything was down comes after the end of the plan, and takes its time as well. */
  async function playToQuiet(): Promise<string> {
    for (;;) {
      const toMs = plan.endMs + QUIET_WITHIN_MS + slowestMs();
      const how = await timeline.play(() => phase === "quiet", toMs);
      if (how === "busy" || phase === "quiet" || plan.endMs + QUIET_WITHIN_MS + slowestMs() <= toMs)
        return how;
    }
  }

  /** What a throttle lets through takes its time: all that was published, and all of it again in every replay. */
  function slowestMs(): number {
    const intervals = plan.subscriptions.map(({ flow }) =>
      flow.flow === "throttle" ? (flow.perSeconds * 1_000) / flow.limit : 0,
    );
    return Math.max(...intervals) * people.publications.length * (1 + people.replays.length);
  }

  function publishedOf(workflow: string) {
    const workflowId = names.get(workflow) ?? workflow;
    return { workflowId, workflowName: workflow, versionId: workflowId };
  }

  async function layOut(): Promise<void> {
    await database.admin("SELECT set_config('sim.now', $1, false)", [String(cluster.wallMs())]);
    await database.admin("INSERT INTO organizations (id, name) VALUES ($1, 'sim')", [orgId]);
    await database.admin("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'default')", [
      envId,
      orgId,
    ]);
    const all = [...plan.schedules, ...plan.subscriptions, ...plan.tasks, { name: "waiter" }];
    for (const { name } of all) {
      names.set(name, newId());
      await database.admin("INSERT INTO workflows (id, org_id, name, definition) VALUES ($1, $2, $3, '{}')", [
        names.get(name),
        orgId,
        name,
      ]);
    }
    for (const { name, types, flow, filter, key } of plan.subscriptions) {
      const id = newId();
      names.set(`${name}/subscription`, id);
      const spec = { ...flow, types, give: "event", ...(filter ? { filter } : {}), ...(key ? { key } : {}) };
      await database.admin(
        `INSERT INTO event_subscriptions (id, org_id, env_id, workflow_id, node_key, spec, since) VALUES ($1, $2, $3, $4, 'on', $5, 0)`,
        [id, orgId, envId, names.get(name), JSON.stringify(spec)],
      );
    }
    for (const { name, slots, rate } of plan.pools)
      await database.admin(
        "INSERT INTO pools (org_id, name, slots, rate_count, rate_seconds) VALUES ($1, $2, $3, $4, $5)",
        [...[orgId, name, slots, rate?.count ?? null, rate?.seconds ?? null]],
      );
  }

  function perform(deed: Deed): void {
    say(`${JSON.stringify(deed)}`);
    const host = cluster.current()?.host;
    switch (deed.kind) {
      case "crash":
        if (host) crash(host);
        return;
      case "depose":
        return cluster.depose();
      case "stall":
        return cluster.stall(deed.forMs);
      case "jump":
        return jump(deed.byMs);
      case "warp":
        if (plan.gridMs > 0 && downMs === 0) jump(warpBy(plan.gridMs, deed.beforeMs, cluster.wallMs()));
        return;
      case "down": {
        cluster.stopAll();
        downMs += 1;
        timeline.after(deed.forMs, () => {
          jump(deed.wallMs);
          downMs -= 1;
          if (downMs === 0) cluster.start();
        });
        return;
      }
      case "maintenance":
        engines?.setMaintenance(true);
        timeline.after(deed.forMs, () => engines?.setMaintenance(false));
    }
  }

  function jump(byMs: number): void {
    latestWallMs = Math.max(latestWallMs, cluster.wallMs());
    cluster.jump(byMs);
  }

  function heal(): void {
    say("all trouble ends");
    Object.assign(plan.wire, { slow: 0, lostBefore: 0, lostAfter: 0, crash: 0, outages: [] });
    Object.assign(plan.engine, {
      refused: 0,
      startLostBefore: 0,
      startLostAfter: 0,
      crashAtStart: 0,
      long: 0,
    });
    engines?.setMaintenance(false);
    if (downMs === 0) cluster.start();
    // A clock that was set back is set right at last.
    if (cluster.wallMs() < latestWallMs) cluster.jump(latestWallMs - cluster.wallMs());
  }

  async function resumeAll(isForAll: boolean): Promise<void> {
    await database.admin(
      `UPDATE schedules SET paused = false, failures = CASE WHEN paused THEN 0 ELSE failures END,
         updated_at = to_timestamp($1::float8 / 1000) WHERE paused OR $2::boolean`,
      [cluster.wallMs(), isForAll],
    );
  }

  /**
   * First everything that is due is caught up with, then the clocks of the rules are stopped, then all must end. What needs
   * a task outside of its flow that has never run waits for it, as it should.
   */
  function lookForQuiet(): void {
    const work = async (): Promise<void> => {
      if (phase === "catch up") {
        const [row] = await database.admin(
          `SELECT (SELECT count(*) FROM schedules WHERE NOT paused AND next_fire_at <= to_timestamp($1::float8 / 1000))
             + (SELECT count(*) FROM task_schedules WHERE is_active AND next_run_at <= to_timestamp($1::float8 / 1000)) AS due`,
          [cluster.wallMs() - 500],
        );
        stuck = `${row?.due} clocks are behind`;
        const isWanted = people.schedules.some(({ pauses }) =>
          pauses.some(({ toMs }) => toMs === Number.POSITIVE_INFINITY),
        );
        if (Number(row?.due) > 0 || isWanted || !people.isQuiet()) return;
        endedWallMs = cluster.wallMs();
        paused = await database.admin(
          "SELECT id, paused_at, pause_reason, next_due FROM schedules WHERE paused",
        );
        await database.admin("UPDATE task_schedules SET is_active = false");
        await database.admin("UPDATE schedules SET next_due = NULL, next_fire_at = NULL");
        await resumeAll(true);
        phase = "wind up";
        return;
      }
      // What waits may fail again, and its schedule be paused for it once more.
      await resumeAll(false);
      const [row] = await database.admin(
        `SELECT (SELECT count(*) FROM open_executions) AS open, (SELECT count(*) FROM event_held) AS held,
           (SELECT count(*) FROM event_replays) AS replays,
           (SELECT count(*) FROM event_streams WHERE routed < last_position) AS behind,
           (SELECT count(*) FROM schedule_fires WHERE outcome = 'buffered' OR (outcome = 'started' AND ended IS NULL)) AS fires`,
      );
      const runs = (await database.admin(
        `SELECT id, task_id, flow_id, status, reason FROM task_executions
         WHERE status IN ('waiting', 'queued', 'running') ORDER BY id`,
      )) as RunRow[];
      const isForEver = new Set(waitForEver(runs, people.tasks));
      const open = runs.filter(({ id }) => !isForEver.has(id));
      stuck = JSON.stringify({ ...row, runs: open.length, why: open[0] });
      const isOver = open.length === 0 && Object.values(row ?? {}).every((count) => Number(count) === 0);
      if (people.isQuiet() && isOver) phase = "quiet";
    };
    // Who meets somebody's lock looks again.
    const looked = work().catch((error: { code?: string }) => {
      if (error.code !== "55P03") throw error;
    });
    timeline.hold(looked);
    if (phase !== "quiet") timeline.after(QUIET_LOOK_MS, lookForQuiet);
  }
}

/** Looked at all the time; they would fill the log. */
const QUIET_STATEMENTS = new Set([
  "schedule-marks",
  "streams-behind",
  "task-due-schedules",
  "task-changed-runs",
  "task-pools",
  "task-weights",
]);

/** What they were given says what they did. */
const WRITES = /^write-/;

function shown(values: readonly unknown[]): string {
  return JSON.stringify(values).slice(0, 600);
}

/** A UUIDv7 of this moment; the later one is larger. */
function uuidAt(ms: number, count: number): string {
  const time = Math.floor(ms).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count.toString(16).padStart(12, "0")}`;
}
