// optimizeSchedule, first version: a better order for the runs that wait, found by trying a few known good rules on the
// plan and measuring each. Pure. The order that there is now is one of those that are tried, so the answer is never worse.
import type { Optimization } from "@auraos/contract";
import { reasonView, type Said, say, sayAll } from "../platform/say.ts";
import { inOrder } from "./graph.ts";

export type Waiting = {
  runId: string;
  taskId: string;
  task: string;
  priority: number;
  durationMs: number;
  /** Of its start, from now; null = none. */
  deadlineInMs: number | null;
  /** From now; what cannot start before. */
  readyInMs: number;
  places: number;
  /** Runs of this list that have to end first. */
  after: readonly string[];
  /** To the end of everything that hangs on it, ms. */
  tailMs: number;
};

export type Measure = Optimization["before"];
type Placed = { run: Waiting; startMs: number };
type Rule = {
  name: string;
  code:
    | `task.order.${"deadline" | "slack" | "critical" | "priority"}First`
    | "task.order.priorityPerDuration";
  key(run: Waiting): number[];
};

const rules: readonly Rule[] = [
  {
    name: "earliest deadline first",
    code: "task.order.deadlineFirst",
    key: (run) => [deadline(run), -run.priority, -run.tailMs],
  },
  {
    name: "least slack first",
    code: "task.order.slackFirst",
    key: (run) => [deadline(run) - run.tailMs, -run.priority],
  },
  {
    name: "critical path first",
    code: "task.order.criticalFirst",
    key: (run) => [-run.tailMs, deadline(run), -run.priority],
  },
  {
    name: "priority per duration",
    code: "task.order.priorityPerDuration",
    key: (run) => [-weight(run) / Math.max(1, run.durationMs), deadline(run)],
  },
  {
    name: "priority first",
    code: "task.order.priorityFirst",
    key: (run) => [-run.priority, deadline(run), -run.tailMs],
  },
];

/** `runs` in the order of now. */
export function optimise(
  runs: readonly Waiting[],
  slots: number,
): Omit<Optimization, "isApplied"> & { rule: string | undefined } {
  const sound = soundOrder(runs);
  const now = plan(sound, slots);
  const before = measure(now);
  let best: { placed: Placed[]; measure: Measure; rule: Rule | undefined } = {
    ...{ placed: now, measure: before, rule: undefined },
  };
  for (const rule of rules) {
    const placed = plan(soundOrder([...sound].sort((a, b) => compare(rule.key(a), rule.key(b)))), slots);
    const measured = measure(placed);
    if (isBetter(measured, best.measure)) best = { placed, measure: measured, rule };
  }
  const place = new Map(runs.map(({ runId }, index) => [runId, index]));
  const order = [...best.placed].sort((a, b) => a.startMs - b.startMs);
  return {
    before,
    after: best.measure,
    rule: best.rule?.name,
    order: order.map(({ run, startMs }, to) => ({
      runId: run.runId,
      taskId: run.taskId,
      task: run.task,
      from: place.get(run.runId) ?? 0,
      to,
      startsInMs: Math.round(startMs),
      ...reasonView(reasonOf(run, best.rule)),
    })),
  };
}

/** First fit in the given order: each as soon as what it needs has ended and its places are free. */
function plan(runs: readonly Waiting[], slots: number): Placed[] {
  const ends = new Map<string, number>();
  const busy: { fromMs: number; untilMs: number; places: number }[] = [];
  const placed: Placed[] = [];
  for (const run of runs) {
    const places = Math.min(slots, Math.max(1, run.places));
    const earliest = Math.max(run.readyInMs, ...run.after.map((id) => ends.get(id) ?? 0));
    const moments = [earliest, ...busy.map(({ untilMs }) => untilMs).filter((at) => at > earliest)];
    moments.sort((a, b) => a - b);
    const startMs = moments.find((at) => fits(busy, at, at + run.durationMs, places, slots)) ?? earliest;
    busy.push({ fromMs: startMs, untilMs: startMs + run.durationMs, places });
    ends.set(run.runId, startMs + run.durationMs);
    placed.push({ run, startMs });
  }
  return placed;
}

function fits(
  busy: readonly { fromMs: number; untilMs: number; places: number }[],
  from: number,
  until: number,
  places: number,
  slots: number,
): boolean {
  const beside = busy.filter((one) => one.fromMs < until && one.untilMs > from);
  // The number held changes only where one of them begins.
  return [from, ...beside.map(({ fromMs }) => fromMs).filter((at) => at > from)].every((at) => {
    const held = beside.filter((one) => one.fromMs <= at && one.untilMs > at);
    return held.reduce((sum, one) => sum + one.places, 0) + places <= slots;
  });
}

function measure(placed: readonly Placed[]): Measure {
  let [makespanMs, late, tardinessMs, weightedWaitMs] = [0, 0, 0, 0];
  for (const { run, startMs } of placed) {
    makespanMs = Math.max(makespanMs, startMs + run.durationMs);
    const over = run.deadlineInMs === null ? 0 : startMs - run.deadlineInMs;
    if (over > 0) {
      late += 1;
      tardinessMs += over;
    }
    weightedWaitMs += startMs * weight(run);
  }
  const round = Math.round;
  return {
    makespanMs: round(makespanMs),
    late,
    tardinessMs: round(tardinessMs),
    weightedWaitMs: round(weightedWaitMs),
  };
}

/** Deadlines first, then how long people wait, then when all of it is done. */
function isBetter(a: Measure, b: Measure): boolean {
  return (
    compare(
      [a.late, a.tardinessMs, a.weightedWaitMs, a.makespanMs],
      [b.late, b.tardinessMs, b.weightedWaitMs, b.makespanMs],
    ) < 0
  );
}

function soundOrder(runs: readonly Waiting[]): Waiting[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  const edges = runs.flatMap((run) => run.after.map((from) => ({ from, to: run.runId })));
  return inOrder(
    runs.map(({ runId }) => runId),
    edges,
  ).flatMap((id) => byId.get(id) ?? []);
}

function reasonOf(run: Waiting, rule: Rule | undefined): Said {
  if (rule === undefined) return say("task.order.best", {});
  const parts = [
    ...(run.deadlineInMs === null ? [] : [`deadline in ${seconds(run.deadlineInMs)} s`]),
    ...(run.priority === 0 ? [] : [`priority ${run.priority}`]),
    ...(run.tailMs > run.durationMs ? [`${seconds(run.tailMs)} s of work hang on it`] : []),
  ];
  const said = [
    say(rule.code, {}),
    ...(run.deadlineInMs === null
      ? []
      : [say("task.order.deadline", { seconds: seconds(run.deadlineInMs) })]),
    ...(run.priority === 0 ? [] : [say("task.order.priority", { priority: run.priority })]),
    ...(run.tailMs > run.durationMs ? [say("task.order.tail", { seconds: seconds(run.tailMs) })] : []),
  ];
  // In English it is one sentence.
  const text = `By ${rule.name}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
  return { text, parts: sayAll(said).parts };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function deadline(run: Waiting): number {
  return run.deadlineInMs ?? Number.MAX_SAFE_INTEGER;
}

/** A step of priority is worth a tenth more; -100 still counts a little. */
function weight(run: Waiting): number {
  return 1.1 ** run.priority;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value - (b[index] ?? 0);
  return 0;
}
