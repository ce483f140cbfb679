// Random workflows over everything the kernel knows, small enough that thousands run in a second.
import type { Random } from "../random.ts";
import type { Plan, Step, Work } from "./plan.ts";

type Context = {
  random: Random;
  /** Steps left to lay. */
  budget: { left: number };
  plan: { isExact: boolean };
  depth: number;
  /** Ids of earlier steps that each item here descends from one by one. */
  readable: readonly string[];
  loop: "none" | "oneByOne" | "atOnce";
  /** Arms that run beside others: a jump or a reply there would be a race. */
  isBeside: boolean;
  saga: boolean;
  children: readonly string[];
  next: { id: number };
};

export function generatePlan(random: Random, name: string, children: readonly string[]): Plan {
  const plan: Plan = { name, steps: [], isExact: true };
  const context: Context = {
    random,
    budget: { left: random.between(2, children.length > 0 ? 12 : 6) },
    plan,
    depth: 0,
    readable: [],
    loop: "none",
    isBeside: false,
    saga: false,
    children,
    next: { id: 0 },
  };
  plan.steps = sequence(context, true);
  if (random.chance(0.15))
    plan.steps.push({ kind: "respond", id: newId(context) }, ...sequence(context, false));
  return plan;
}

function newId(context: Context): string {
  return `n${context.next.id++}`;
}

/** `isRoot`: nothing leads into it, so it begins with a step that takes all items. */
function sequence(context: Context, isRoot: boolean, from: readonly string[] = context.readable): Step[] {
  const { random } = context;
  const steps: Step[] = [];
  let readable = from;
  const count = Math.min(context.budget.left, random.between(1, context.depth === 0 ? 5 : 3));
  for (let at = 0; at < Math.max(count, 1); at++) {
    context.budget.left--;
    const here = { ...context, readable };
    const step = at === 0 && isRoot && context.depth > 0 ? setStep(here) : anyStep(here);
    steps.push(step);
    readable = readableAfter(step, readable);
    if (step.kind === "stop") break;
  }
  if (steps.at(-1)?.kind === "jump") steps.push(setStep({ ...context, readable }));
  return steps;
}

function readableAfter(step: Step, before: readonly string[]): readonly string[] {
  switch (step.kind) {
    case "set":
      return [...before, step.id];
    case "work":
      return step.per === "item" && step.onError !== "errorPort" ? [...before, step.id] : [];
    case "filter":
    case "pause":
    case "jump":
    case "respond":
      return before;
    case "route":
      return throughArms(step.arms, before);
    case "fan":
      return step.how === "any" || step.how === "all" ? throughArms(step.arms, before) : [];
    case "foreach":
      return step.batch === 1 && step.onError !== "collect" ? before : [];
    default:
      return [];
  }
}

/** What can be read whichever way an item came. */
function throughArms(arms: readonly Step[][], before: readonly string[]): readonly string[] {
  let readable = before;
  for (const arm of arms) {
    let behind = before;
    for (const step of arm) behind = readableAfter(step, behind);
    readable = readable.filter((id) => behind.includes(id));
  }
  return readable;
}

const SIMPLE = ["set", "set", "work", "work", "work", "filter", "count"] as const;
const WAITS = ["pause", "signal", "approval"] as const;
const BLOCKS = ["route", "fan", "foreach", "foreach", "while", "try", "parallel", "saga"] as const;

function anyStep(context: Context): Step {
  const { random } = context;
  const canNest = context.depth < 3 && context.budget.left > 0;
  if (canNest && random.chance(0.4)) return block(context, random.pick(BLOCKS));
  if (random.chance(0.12)) return waitStep(context, random.pick(WAITS));
  if (context.children.length > 0 && random.chance(0.1)) {
    const mode = random.chance(0.3) && context.loop === "none" ? "each" : "all";
    return { kind: "sub", id: newId(context), workflow: random.pick(context.children), mode };
  }
  if (context.loop !== "none" && !context.isBeside && random.chance(0.15)) return jumpStep(context);
  if (context.depth > 0 && random.chance(0.04)) return { kind: "stop", id: newId(context) };
  return simpleStep(context, random.pick(SIMPLE));
}

function simpleStep(context: Context, kind: (typeof SIMPLE)[number]): Step {
  const { random } = context;
  if (kind === "set") return setStep(context);
  if (kind === "work") return workStep(context);
  if (kind === "count") return { kind, id: newId(context) };
  const modulus = random.between(2, 5);
  return { kind, id: newId(context), modulus, rest: random.int(modulus) };
}

function setStep(context: Context): Step {
  const { random, readable } = context;
  const reads = readable.length > 0 && random.chance(0.4) ? random.pick(readable) : undefined;
  return {
    kind: "set",
    id: newId(context),
    times: random.between(1, 9),
    plus: random.between(0, 99),
    ...(reads === undefined ? {} : { reads }),
  };
}

function workStep(context: Context): Work {
  const { random } = context;
  const id = newId(context);
  return {
    kind: "work",
    id,
    ...longWork(random.stream(`${id} steps`)),
    effect: random.pick(["read", "idempotent", "idempotent", "once", "asked"]),
    per: random.chance(0.7) ? "item" : "list",
    salt: random.between(1, 50),
    ...(random.chance(0.3) ? { failRest: random.int(7) } : {}),
    onError: random.pick(["fail", "fail", "fallback", "errorPort", "park"]),
    ...(random.chance(0.3) ? { concurrency: random.between(1, 3) } : {}),
    timeoutMs: random.between(1_500, 4_000),
    ...(context.saga && random.chance(0.7) ? { undone: true } : {}),
    ...(random.chance(0.01) ? { isBig: true } : {}),
  };
}

function longWork(random: Random): Pick<Work, "steps" | "asks"> {
  if (!random.chance(0.25)) return {};
  const steps = random.between(1, 3);
  return random.chance(0.25) ? { steps, asks: random.between(1, steps) } : { steps };
}

function jumpStep(context: Context): Step {
  const { random } = context;
  const how = random.chance(0.5) ? "break" : "continue";
  if (how === "break" && context.loop === "atOnce") context.plan.isExact = false;
  const modulus = random.between(2, 4);
  return { kind: "jump", id: newId(context), how, modulus, rest: random.int(modulus) };
}

function waitStep(context: Context, kind: (typeof WAITS)[number]): Step {
  const { random } = context;
  const id = newId(context);
  if (kind === "pause") return { kind, id, seconds: random.pick([0.2, 1, 2, 5, 12]) };
  if (!random.chance(0.2)) return { kind, id };
  context.plan.isExact = false;
  return { kind, id, timeoutSeconds: random.between(1, 8) };
}

function block(context: Context, kind: (typeof BLOCKS)[number]): Step {
  const { random } = context;
  const id = newId(context);
  const inside = { ...context, depth: context.depth + 1, saga: false };
  switch (kind) {
    case "route": {
      const by = random.chance(0.6) ? "if" : "switch";
      const count = by === "if" ? 2 : random.between(2, 3);
      const arms = manyArms({ ...inside, isBeside: true }, count, false);
      // The ways must meet: not all of them may end in a stop.
      if (arms.every(isStopped)) arms[count - 1] = [];
      return { kind, id, by, arms, join: `${id}j` };
    }
    case "fan": {
      const arms = manyArms({ ...inside, isBeside: true }, random.between(2, 3), false).filter(
        (arm) => arm.length > 0,
      );
      const open = arms.filter((arm) => !isStopped(arm)).length;
      if (open === 0) return setStep({ ...context, readable: [] });
      const how = random.pick(["any", "any", "all", "first", { n: Math.max(1, open - 1) }] as const);
      if (typeof how === "object" || how === "first") context.plan.isExact = false;
      return { kind, id, arms, how };
    }
    case "foreach": {
      const concurrency = random.pick([1, 1, 2, 4]);
      const batch = random.chance(0.85) ? 1 : 2;
      const expand = random.chance(0.25) ? random.between(0, 2) : undefined;
      const loop = concurrency === 1 ? "oneByOne" : "atOnce";
      const readable = batch === 1 ? context.readable : [];
      return {
        kind,
        id,
        body: withSignals(context, id, sequence({ ...inside, loop, isBeside: false, readable }, true)),
        concurrency,
        batch,
        onError: random.pick(["stop", "stop", "continue", "collect"]),
        ...(expand === undefined ? {} : { expand }),
      };
    }
    case "while": {
      const rounds = random.between(0, 3);
      const roundsMax = random.chance(0.9) ? 5 : Math.max(1, rounds - 1);
      const body = sequence({ ...inside, loop: "oneByOne", isBeside: false, readable: [] }, true);
      return { kind, id, body: withSignals(context, id, body), rounds, roundsMax };
    }
    case "try": {
      const body = sequence(inside, true);
      const rescue = random.chance(0.8) ? sequence({ ...inside, readable: [] }, false, []) : null;
      const clean = random.chance(0.7)
        ? sequence({ ...inside, loop: "none", readable: [] }, false, [])
        : null;
      return { kind, id, body, rescue, clean };
    }
    case "parallel":
      return { kind, id, arms: manyArms({ ...inside, isBeside: true }, random.between(1, 3), true) };
    case "saga":
      return { kind, id, body: sagaBody(inside) };
  }
}

/** Some loops hear a signal in every round, late enough that what was sent ahead waits in its queue. */
function withSignals(context: Context, loop: string, body: Step[]): Step[] {
  if (isStopped(body) || !context.random.stream(`${loop} signals`).chance(0.2)) return body;
  return [
    ...body,
    { kind: "pause", id: newId(context), seconds: 0.2 },
    { kind: "signal", id: newId(context) },
  ];
}

function isStopped(arm: readonly Step[]): boolean {
  return arm.at(-1)?.kind === "stop";
}

function manyArms(context: Context, count: number, isRoot: boolean): Step[][] {
  return Array.from({ length: count }, () =>
    !isRoot && context.random.chance(0.2) ? [] : sequence(context, isRoot),
  );
}

/** Steps that can be undone, and often a failure at the end. */
function sagaBody(context: Context): Step[] {
  const { random } = context;
  const steps: Step[] = [setStep({ ...context, readable: [] })];
  for (let count = random.between(1, 3); count > 0; count--) {
    context.budget.left--;
    steps.push({ ...workStep({ ...context, saga: true }), onError: "fail", undone: true });
  }
  if (random.chance(0.5)) steps.push({ kind: "stop", id: newId(context) });
  return steps;
}
