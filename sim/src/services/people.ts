// Those who use the services: they publish events until they are told where these stand, plan flows, cancel, pause, fill back,
// replay and let executions wait for events. What they were told is what the checks hold the product to.
import type { Deps } from "@auraos/server/deps.ts";
import { boundsOf, insertReplay, setSubscriptionPaused } from "@auraos/server/events/store.ts";
import { withTenant } from "@auraos/server/platform/db.ts";
import { backfillSchedule } from "@auraos/server/schedules/backfillSchedule.ts";
import { pauseSchedule, resumeSchedule } from "@auraos/server/schedules/controlSchedule.ts";
import { createSchedule } from "@auraos/server/schedules/saveSchedule.ts";
import { cancelRun, executeTask } from "@auraos/server/tasks/runTask.ts";
import { createTask, setPaused } from "@auraos/server/tasks/saveTask.ts";
import type { Random } from "../random.ts";
import type { Timeline } from "../world/timeline.ts";
import type { Cluster } from "./cluster.ts";
import type { SchedulePlan, StoryPlan, TaskPlan } from "./plan.ts";

type Caller = Parameters<typeof createSchedule>[1];

export type Publication = {
  id: string;
  type: string;
  data: { n: number; key: string };
  /** Where it stands, as every answer said. */
  positions: number[];
  /** Answers that said it was new. */
  news: number;
};

export type MadeSchedule = SchedulePlan & {
  id: string;
  workflowId: string;
  createdWallMs: number;
  /**
   * On the clock of the wall from the request to pause to the answer that it goes on, on that of the world from the answer
   * to the pause to the request to go on.
   */
  pauses: { fromMs: number; toMs: number; fromWorldMs: number; toWorldMs: number }[];
};

export type Replayed = { id: string; subscriptionId: string; from: number; to: number };

export type People = {
  publications: Publication[];
  schedules: MadeSchedule[];
  tasks: (TaskPlan & { id: string; workflowId: string })[];
  /** Key of a request -> flow that was answered. */
  flows: Map<string, string>;
  cancelled: Set<string>;
  replays: Replayed[];
  /** Subscription -> from when to when it was paused, in the world. */
  pausedSubscriptions: Map<string, { fromMs: number; toMs: number }[]>;
  /** Task -> from the request to pause it to the answer to the request to go on, on the clock of the wall. */
  pausedTasks: Map<string, { fromMs: number; toMs: number }[]>;
  isQuiet(): boolean;
  refusals: string[];
};

const ASK_AGAIN_MS = 1_500;
/** Refusals that a request may get because of what happens at the same time. */
const expected = /^(RUN_|NOT_FOUND|NOT_LEADING|EXECUTION_|EVENTS_NONE|RANGE_)/;

export function createPeople(parts: {
  plan: StoryPlan;
  deps: Deps;
  caller: Caller;
  cluster: Cluster;
  timeline: Timeline;
  random: Random;
  workflowOf: (name: string) => string;
  subscriptionIds: readonly string[];
  openRuns: () => Promise<string[]>;
}): People {
  const { plan, deps, caller, cluster, timeline, random } = parts;
  const { orgId } = caller;
  let pending = 0;
  const people: People = {
    ...{ publications: [], schedules: [], tasks: [], flows: new Map(), cancelled: new Set(), replays: [] },
    ...{ pausedSubscriptions: new Map(), pausedTasks: new Map(), refusals: [] },
    isQuiet: () => pending === 0,
  };
  void make().catch((error: unknown) => people.refusals.push(`making: ${String((error as Error).stack)}`));
  return people;

  /** A request of a person, who is told when it is refused. */
  function ask(name: string, work: () => Promise<unknown>): void {
    pending += 1;
    work()
      .catch((error: { code?: string; message?: string }) => {
        if (!expected.test(error.code ?? "")) people.refusals.push(`${name}: ${error.code} ${error.message}`);
      })
      .finally(() => {
        pending -= 1;
      });
  }

  function at(name: string, count: number, work: () => Promise<unknown>): void {
    for (let one = 0; one < count; one++)
      timeline.after(random.between(2_000, plan.endMs - 1_000), () => ask(name, work));
  }

  async function make(): Promise<void> {
    pending += 1;
    for (const schedule of plan.schedules) {
      const { rule, overlap, missed, missedWindowSeconds, jitterSeconds, pauseAfterFailures } = schedule;
      const askedWallMs = cluster.wallMs();
      const id = await createSchedule(deps, caller, {
        ...{ name: schedule.name, workflow: parts.workflowOf(schedule.name), ...rule, overlap, missed },
        ...(missedWindowSeconds === undefined ? {} : { missedWindowSeconds }),
        ...(jitterSeconds === undefined ? {} : { jitterSeconds }),
        ...(pauseAfterFailures === undefined ? {} : { pauseAfterFailures }),
      } as Parameters<typeof createSchedule>[2]);
      const workflowId = parts.workflowOf(schedule.name);
      // A clock that is set back between request and answer makes nothing due that was due before.
      const createdWallMs = Math.max(askedWallMs, cluster.wallMs());
      people.schedules.push({ ...schedule, id, workflowId, createdWallMs, pauses: [] });
    }
    for (const task of plan.tasks) {
      const { name, needs, need, onUnmet, priority, fairKey, resources, attempts, delaySeconds, everyMs } =
        task;
      const workflowId = parts.workflowOf(name);
      const id = await createTask(deps, caller, {
        ...{
          name,
          run: { kind: "workflow", workflow: workflowId },
          dependencies: needs,
          need,
          onUnmet,
          priority,
        },
        ...{ fairKey, resources, recovery: [], onDeadline: "fail" },
        ...(attempts === 1 ? {} : { retry: { attempts, delaySeconds, factor: 1, maxDelaySeconds: 60 } }),
        ...(task.deadlineSeconds === undefined ? {} : { deadlineSeconds: task.deadlineSeconds }),
        ...(everyMs === null
          ? {}
          : { schedule: { interval: everyMs / 1000, overlap: task.overlap, missed: task.missed } }),
      } as Parameters<typeof createTask>[2]);
      people.tasks.push({ ...task, id, workflowId });
    }
    pending -= 1;
    for (let one = 0; one < plan.publishes; one++) publishAt(one);
    const flows = random.between(5, 40);
    for (let one = 0; one < flows; one++) {
      const key = `flow-${one}`;
      const times = random.chance(plan.doubled) ? 2 : 1;
      const { id } = random.pick(people.tasks);
      at("execute", times, () => execute(id, key));
    }
    for (let one = 0; one < plan.waits; one++)
      timeline.after(random.between(1_000, plan.endMs - 6_000), () => wait(one));
    if (plan.isCalm) return;
    at("cancel", random.between(0, 3), cancel);
    at("pause a schedule", random.between(0, 2), pauseForAWhile);
    at("pause a subscription", random.between(0, 2), pauseSubscription);
    at("pause a task", random.between(0, 1), pauseTask);
    at("backfill", random.between(0, 2), backfill);
    at("replay", random.between(0, 2), replay);
  }

  function publishAt(number: number): void {
    const data = { n: number, key: `k${random.int(plan.keys)}` };
    const one: Publication = {
      id: `event-${number}`,
      type: random.pick(["sim.a", "sim.b"]),
      data,
      positions: [],
      news: 0,
    };
    people.publications.push(one);
    const atMs = random.between(1_000, plan.endMs);
    pending += 1;
    timeline.after(atMs, () => publish(one, () => (pending -= 1)));
    if (!random.chance(plan.doubled)) return;
    pending += 1;
    timeline.after(atMs + random.between(0, 4_000), () => publish(one, () => (pending -= 1)));
  }

  /** Until there is an answer; the same event again when there is none. */
  function publish(one: Publication, done: () => void): void {
    const process = cluster.current();
    if (process === null) return void timeline.after(200, () => publish(one, done));
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      publish(one, done);
    };
    timeline.after(ASK_AGAIN_MS, again);
    const { id, type, data } = one;
    process.bus.publish(orgId, [{ specversion: "1.0", id, source: "/sim", type, data }]).then(
      ([placed]) => {
        if (placed === undefined || random.chance(plan.lateAnswer)) return;
        one.positions.push(placed.position);
        if (placed.isNew) one.news += 1;
        if (isOver) return;
        isOver = true;
        done();
      },
      () => void timeline.after(100, again),
    );
  }

  async function execute(id: string, key: string): Promise<void> {
    const { flowId } = await executeTask(deps, caller, {
      ...{ id, input: undefined, downstream: true, upstream: false, delaySeconds: undefined },
      idempotencyKey: key,
    });
    const known = people.flows.get(`${id} ${key}`);
    if (known !== undefined && known !== flowId) people.refusals.push(`the flow ${key} was planned twice`);
    people.flows.set(`${id} ${key}`, flowId);
  }

  async function cancel(): Promise<void> {
    const open = await parts.openRuns();
    if (open.length === 0) return;
    const id = random.pick(open);
    people.cancelled.add(id);
    await cancelRun(deps, caller, id);
  }

  async function pauseForAWhile(): Promise<void> {
    const schedule = random.pick(people.schedules.filter((one) => one.pauseAfterFailures === undefined));
    if (schedule === undefined || schedule.pauses.some(({ toMs }) => toMs === Number.POSITIVE_INFINITY))
      return;
    const pause = {
      fromMs: Number.POSITIVE_INFINITY,
      toMs: Number.POSITIVE_INFINITY,
      fromWorldMs: 0,
      toWorldMs: 0,
    };
    schedule.pauses.push(pause);
    const askedMs = cluster.wallMs();
    await pauseSchedule(deps, caller, schedule.id, "A while");
    // The clock may have been set while it was asked, by a month even: it is paused from some moment in between.
    Object.assign(pause, { fromMs: Math.min(askedMs, cluster.wallMs()), fromWorldMs: timeline.now() });
    timeline.after(random.between(500, 8_000), () =>
      ask("resume a schedule", async () => {
        Object.assign(pause, { toMs: cluster.wallMs(), toWorldMs: timeline.now() });
        await resumeSchedule(deps, caller, schedule.id);
        // The clock may have been set while it was asked.
        pause.toMs = Math.max(pause.toMs, cluster.wallMs());
      }),
    );
  }

  async function pauseSubscription(): Promise<void> {
    const id = random.pick(parts.subscriptionIds);
    const pauses = people.pausedSubscriptions.get(id) ?? [];
    people.pausedSubscriptions.set(id, pauses);
    if (pauses.some(({ toMs }) => toMs === Number.POSITIVE_INFINITY)) return;
    const pause = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    pauses.push(pause);
    const set = (paused: boolean) =>
      withTenant(deps.api, orgId, (tx) => setSubscriptionPaused(tx, orgId, id, paused)).then(() =>
        deps.events.sync(),
      );
    await set(true);
    pause.fromMs = timeline.now();
    timeline.after(random.between(500, 6_000), () => {
      pause.toMs = timeline.now();
      ask("resume a subscription", () => set(false));
    });
  }

  async function pauseTask(): Promise<void> {
    const { id } = random.pick(people.tasks);
    const pause = { fromMs: cluster.wallMs(), toMs: Number.POSITIVE_INFINITY };
    people.pausedTasks.set(id, [...(people.pausedTasks.get(id) ?? []), pause]);
    await setPaused(deps, caller, id, true);
    timeline.after(random.between(500, 5_000), () =>
      ask("resume a task", async () => {
        await setPaused(deps, caller, id, false);
        pause.toMs = cluster.wallMs();
      }),
    );
  }

  async function backfill(): Promise<void> {
    const schedule = random.pick(people.schedules);
    const now = cluster.wallMs();
    const from = now - random.between(1, 12) * schedule.grid.everyMs;
    await backfillSchedule(deps, caller, schedule.id, {
      ...{ from: new Date(from).toISOString(), to: new Date(now - 1).toISOString(), which: "missing" },
      overlap: random.pick(["bufferAll", "allow", "skip"] as const),
    });
  }

  async function replay(): Promise<void> {
    const subscriptionId = random.pick(parts.subscriptionIds);
    await withTenant(deps.api, orgId, async (tx) => {
      const bounds = await boundsOf(tx, orgId, null);
      if (bounds === undefined) return;
      const { first: from, last: to } = bounds;
      const id = deps.newId();
      await insertReplay(tx, { id, orgId, subscriptionId, from, to, actor: "somebody" });
      people.replays.push({ id, subscriptionId, from, to });
    });
    await deps.events.sync();
  }

  /** An execution that waits for an event, and somebody who publishes it later. */
  function wait(number: number): void {
    const process = cluster.current();
    if (process === null) return;
    const workflowId = parts.workflowOf("waiter");
    process.engine
      .start({
        ...{ orgId, envId: caller.envId, workflowId, workflowName: "waiter", versionId: workflowId },
        ...{
          mode: "production",
          items: [{ json: { wants: number } }],
          actor: "somebody",
          cause: `wait/${number}`,
        },
        key: { key: `wait/${number}`, requestHash: "", ttlMs: 1 },
      })
      .catch(() => {});
    // Also when no answer came: then nobody knows whether it waits.
    for (let one = 0; one < 2; one++) {
      const data = { n: number, key: `w${number}` };
      const told: Publication = {
        id: `told-${number}-${one}`,
        type: "sim.told",
        data,
        positions: [],
        news: 0,
      };
      people.publications.push(told);
      pending += 1;
      timeline.after(random.between(1_000, 6_000), () => publish(told, () => (pending -= 1)));
    }
  }
}
