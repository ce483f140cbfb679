// What a story is about: schedules, subscriptions, tasks and pools, drawn from its seed, and the faults it is played under.
// The times at which a schedule is due stand here as plain arithmetic, so that the checks ask nobody of the product.
import type { Random } from "../random.ts";
import type { WireFaults } from "./database.ts";
import type { EngineFaults } from "./engine.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Due at every multiple of `everyMs`, counted from `anchorMs`. */
export type Grid = { everyMs: number; anchorMs: number };

export type SchedulePlan = {
  name: string;
  rule: { cron: string } | { interval: string };
  grid: Grid;
  overlap: "skip" | "bufferOne" | "bufferAll" | "cancelOther" | "terminateOther" | "allow";
  missed: "all" | "last" | "none" | "window";
  missedWindowSeconds?: number;
  jitterSeconds?: number;
  pauseAfterFailures?: number;
};

export type FlowPlan =
  | { flow: "each" }
  | { flow: "ordered" }
  | { flow: "singleton" }
  | { flow: "debounce"; quietSeconds: number; maxWaitSeconds?: number }
  | { flow: "throttle"; limit: number; perSeconds: number; burst?: number }
  | { flow: "rateLimit"; limit: number; perSeconds: number }
  | { flow: "batch"; size: number; waitSeconds: number };

export type SubscriptionPlan = {
  name: string;
  types: string[];
  flow: FlowPlan;
  filter?: string;
  key?: string;
};

export type TaskPlan = {
  name: string;
  needs: { task: string; on: "success" | "failure" | "completion" }[];
  need: "all" | "any";
  onUnmet: "skip" | "fail" | "run";
  priority: number;
  fairKey: string;
  resources: Record<string, number>;
  attempts: number;
  delaySeconds: number;
  everyMs: number | null;
  overlap: "skip" | "allow";
  missed: "last" | "none";
  deadlineSeconds?: number;
};

export type PoolPlan = {
  name: string;
  slots: number | null;
  rate: { count: number; seconds: number } | null;
};

export type Moment = { atMs: number; do: Deed };
export type Deed =
  | { kind: "crash" }
  | { kind: "depose" }
  | { kind: "stall"; forMs: number }
  | { kind: "jump"; byMs: number }
  /** To shortly before the next fire of the coarse schedules. */
  | { kind: "warp"; beforeMs: number }
  | { kind: "down"; forMs: number; wallMs: number }
  | { kind: "maintenance"; forMs: number };

export type StoryPlan = {
  scale: "seconds" | "hours" | "month";
  isCalm: boolean;
  gridMs: number;
  schedules: SchedulePlan[];
  subscriptions: SubscriptionPlan[];
  tasks: TaskPlan[];
  pools: PoolPlan[];
  waits: number;
  publishes: number;
  keys: number;
  endMs: number;
  moments: Moment[];
  wire: WireFaults;
  engine: EngineFaults;
  lateAnswer: number;
  doubled: number;
};

export function drawPlan(random: Random): StoryPlan {
  const scale = random.pick(["seconds", "seconds", "seconds", "hours", "month"] as const);
  const isCalm = random.chance(0.12);
  const gridMs = { seconds: 0, hours: HOUR / 2, month: 6 * HOUR }[scale];
  const endMs = random.between(20_000, 45_000);
  return {
    ...{ scale, isCalm, gridMs, endMs },
    schedules: Array.from({ length: random.between(2, 5) }, (_, at) => drawSchedule(random, scale, `s${at}`)),
    subscriptions: Array.from({ length: random.between(2, 5) }, (_, at) =>
      drawSubscription(random, `e${at}`),
    ),
    ...drawTasks(random, scale),
    waits: random.chance(0.5) ? random.between(1, 12) : 0,
    publishes: random.between(20, 160),
    keys: random.between(1, 6),
    moments: isCalm ? [] : drawMoments(random, scale, endMs),
    wire: drawWire(random, isCalm, endMs),
    engine: drawEngine(random, isCalm),
    lateAnswer: isCalm ? 0 : random.pick([0, 0.05, 0.2]),
    doubled: random.pick([0, 0.1, 0.3]),
  };
}

function drawSchedule(random: Random, scale: StoryPlan["scale"], name: string): SchedulePlan {
  const missed = random.pick(["all", "last", "none", "window"] as const);
  const window = {
    seconds: random.between(30, 240),
    hours: random.between(1, 12) * 3_600,
    month: 7 * 86_400,
  }[scale];
  return {
    name,
    ...drawRule(random, scale),
    overlap: random.pick([
      "skip",
      "bufferOne",
      "bufferAll",
      "cancelOther",
      "terminateOther",
      "allow",
    ] as const),
    missed,
    ...(missed === "window" ? { missedWindowSeconds: window } : {}),
    ...(scale === "seconds" && random.chance(0.15) ? { jitterSeconds: random.between(1, 3) } : {}),
    ...(random.chance(0.2) ? { pauseAfterFailures: random.between(2, 4) } : {}),
  };
}

function drawRule(random: Random, scale: StoryPlan["scale"]): Pick<SchedulePlan, "rule" | "grid"> {
  const grid = (everyMs: number): Grid => ({ everyMs, anchorMs: 0 });
  if (scale === "seconds") {
    const seconds = random.pick([1, 2, 3, 5, 7, 10]);
    if (60 % seconds === 0 && random.chance(0.5))
      return { rule: { cron: `*/${seconds} * * * * *` }, grid: grid(seconds * SECOND) };
    return { rule: { interval: `${seconds}s` }, grid: grid(seconds * SECOND) };
  }
  if (scale === "hours") {
    const minutes = random.pick([30, 60, 120, 360]);
    const cron = minutes === 30 ? "*/30 * * * *" : minutes === 60 ? "0 * * * *" : `0 */${minutes / 60} * * *`;
    const rule = random.chance(0.6) ? { cron } : { interval: `${minutes}m` };
    return { rule, grid: grid(minutes * MINUTE) };
  }
  const hours = random.pick([6, 12, 24]);
  const cron = hours === 24 ? "0 0 * * *" : `0 */${hours} * * *`;
  return { rule: random.chance(0.7) ? { cron } : { interval: `${hours}h` }, grid: grid(hours * HOUR) };
}

function drawSubscription(random: Random, name: string): SubscriptionPlan {
  const flow = random.pick<FlowPlan>([
    { flow: "each" },
    { flow: "ordered" },
    { flow: "singleton" },
    {
      ...{ flow: "debounce", quietSeconds: random.between(1, 4) },
      ...(random.chance(0.5) ? { maxWaitSeconds: random.between(5, 12) } : {}),
    },
    {
      ...{ flow: "throttle", limit: random.between(1, 5), perSeconds: random.between(1, 4) },
      ...(random.chance(0.5) ? { burst: random.between(1, 4) } : {}),
    },
    { flow: "rateLimit", limit: random.between(1, 6), perSeconds: random.between(1, 6) },
    { flow: "batch", size: random.between(2, 6), waitSeconds: random.between(1, 5) },
  ]);
  return {
    name,
    flow,
    types: random.pick([["sim.a"], ["sim.*"], ["sim.b", "sim.a"]]),
    ...(random.chance(0.4) ? { filter: "{{ $json.data.n % 3 != 0 }}" } : {}),
    ...(random.chance(0.7) ? { key: "{{ $json.data.key }}" } : {}),
  };
}

function drawTasks(random: Random, scale: StoryPlan["scale"]): Pick<StoryPlan, "tasks" | "pools"> {
  const pools = Array.from({ length: random.between(1, 3) }, (_, at): PoolPlan => {
    const hasSlots = random.chance(0.8);
    return {
      name: `pool${at}`,
      slots: hasSlots ? random.between(1, 4) : null,
      rate:
        !hasSlots || random.chance(0.3)
          ? { count: random.between(2, 8), seconds: random.between(1, 5) }
          : null,
    };
  });
  const tasks = Array.from({ length: random.between(3, 8) }, (_, at): TaskPlan => {
    const count = at === 0 ? 0 : random.pick([0, 0, 1, 1, 2]);
    const before = [...new Set(Array.from({ length: Math.min(count, at) }, () => random.int(at)))];
    const resources = Object.fromEntries(
      pools
        .filter(() => random.chance(0.6))
        .map(({ name, slots }) => [name, random.between(1, Math.min(2, slots ?? 2))]),
    );
    const isScheduled = before.length === 0 && random.chance(0.5);
    return {
      name: `t${at}`,
      needs: before.map((one) => ({
        task: `t${one}`,
        on: random.pick(["success", "success", "completion", "failure"] as const),
      })),
      ...{
        need: random.pick(["all", "all", "any"] as const),
        onUnmet: random.pick(["skip", "fail", "run"] as const),
      },
      ...{ priority: random.between(-3, 3), fairKey: random.pick(["", "a", "b"]), resources },
      ...{ attempts: random.between(1, 3), delaySeconds: random.between(0, 2) },
      everyMs: isScheduled ? taskEvery(random, scale) : null,
      overlap: random.pick(["skip", "allow"] as const),
      missed: random.pick(["last", "none"] as const),
      ...(random.chance(0.15) ? { deadlineSeconds: random.between(5, 30) } : {}),
    };
  });
  return { tasks, pools };
}

function taskEvery(random: Random, scale: StoryPlan["scale"]): number {
  if (scale === "seconds") return random.between(2, 8) * SECOND;
  return scale === "hours" ? random.pick([30, 60]) * MINUTE : random.pick([6, 24]) * HOUR;
}

function drawMoments(random: Random, scale: StoryPlan["scale"], endMs: number): Moment[] {
  const times = (count: number): number[] =>
    Array.from({ length: count }, () => random.between(1_500, endMs - 2_000));
  const moments: Moment[] = [];
  const add = (count: number, deed: () => Deed): void => {
    for (const atMs of times(count)) moments.push({ atMs, do: deed() });
  };
  if (random.chance(0.7)) add(random.between(1, 4), () => ({ kind: "crash" }));
  if (random.chance(0.5)) add(random.between(1, 3), () => ({ kind: "depose" }));
  if (random.chance(0.3))
    add(random.between(1, 2), () => ({ kind: "stall", forMs: random.between(300, 7_000) }));
  if (random.chance(0.15)) add(1, () => ({ kind: "maintenance", forMs: random.between(500, 6_000) }));
  if (random.chance(0.4))
    add(random.between(1, 3), () => ({
      kind: "jump",
      byMs: -random.between(300, scale === "seconds" ? 25_000 : 2 * HOUR),
    }));
  const away = {
    seconds: () => random.between(3, 300) * SECOND,
    hours: () => random.pick([HOUR, 3 * HOUR, DAY]) + random.between(0, 40) * MINUTE,
    month: () => random.pick([DAY, 7 * DAY, 30 * DAY]) + random.between(0, 300) * MINUTE,
  }[scale];
  if (scale !== "seconds" || random.chance(0.5))
    add(random.between(1, scale === "seconds" ? 2 : 3), () => ({
      kind: "down",
      forMs: random.between(500, 4_000),
      wallMs: away(),
    }));
  if (random.chance(0.3)) add(1, () => ({ kind: "jump", byMs: away() }));
  if (scale !== "seconds")
    for (let atMs = 3_000; atMs < endMs - 3_000; atMs += random.between(3_500, 6_000))
      moments.push({ atMs, do: { kind: "warp", beforeMs: random.between(500, 2_500) } });
  return moments.sort((a, b) => a.atMs - b.atMs);
}

function drawWire(random: Random, isCalm: boolean, endMs: number): WireFaults {
  if (isCalm) return { latencyMs: 2, slow: 0, lostBefore: 0, lostAfter: 0, crash: 0, outages: [] };
  const some = (share: number, values: readonly number[]): number =>
    random.chance(share) ? random.pick(values) : 0;
  return {
    latencyMs: random.pick([1, 3, 10, 30]),
    slow: some(0.3, [0.005, 0.03]),
    lostBefore: some(0.4, [0.005, 0.03]),
    lostAfter: some(0.5, [0.005, 0.03]),
    crash: some(0.6, [0.001, 0.004, 0.01]),
    outages: random.chance(0.2)
      ? [random.int(endMs)].map((from): [number, number] => [from, from + random.between(500, 5_000)])
      : [],
  };
}

function drawEngine(random: Random, isCalm: boolean): EngineFaults {
  const some = (share: number, values: readonly number[]): number =>
    !isCalm && random.chance(share) ? random.pick(values) : 0;
  return {
    refused: some(0.3, [0.02, 0.1]),
    startLostBefore: some(0.3, [0.01, 0.05]),
    startLostAfter: some(0.5, [0.01, 0.05]),
    crashAtStart: some(0.5, [0.005, 0.02]),
    latencyMs: random.pick([1, 5, 20]),
    failing: random.pick([0, 0.1, 0.4]),
    long: random.pick([0, 0.1, 0.4]),
    instant: random.pick([0, 0.2, 0.6]),
  };
}

/** After `fromMs`, up to `toMs`. */
export function duesOf({ everyMs, anchorMs }: Grid, fromMs: number, toMs: number): number[] {
  const dues: number[] = [];
  for (
    let at = anchorMs + (Math.floor((fromMs - anchorMs) / everyMs) + 1) * everyMs;
    at <= toMs;
    at += everyMs
  )
    dues.push(at);
  return dues;
}

/** By how much the clock is set so that it is `beforeMs` before the next multiple of the grid. */
export function warpBy(gridMs: number, beforeMs: number, wallMs: number): number {
  const next = Math.ceil((wallMs + beforeMs + 1) / gridMs) * gridMs;
  return next - beforeMs - wallMs;
}
