// What a workflow must give: a small interpreter of plans, independent of the kernel. It knows wires (taken or dead),
// failures and jumps, and nothing of turns, commands or time.
//
// It answers only where the order of things in the world cannot matter; else it says that it does not know.
import {
  afterSteps,
  answerOf,
  ERROR_N,
  FAILED,
  FALLBACK_N,
  isRefused,
  listNumber,
  MODULUS,
  type Plan,
  RESCUE_N,
  type Step,
  type Work,
} from "./plan.ts";

export type Answers = {
  /** What people say: to an approval, in a signal, about a parked item. `tag` names the execution. */
  approval(tag: string, run: string): number;
  signal(tag: string, step: string): number;
  parked(tag: string, run: string, item: number | undefined): number;
};

export type Expected =
  | { kind: "succeeded"; output: unknown }
  /** One of these codes. */
  | { kind: "failed"; codes: ReadonlySet<string> }
  | { kind: "unknown" };

type ModelItem = { n: number; trail: Readonly<Record<string, number>> };
type Wire = { taken: true; items: readonly ModelItem[] } | { taken: false; why: string };

class Failed extends Error {
  readonly codes: Set<string>;
  constructor(codes: Iterable<string>) {
    super("failed");
    this.codes = new Set(codes);
  }
}
class Jump extends Error {
  readonly how: "break" | "continue";
  constructor(how: "break" | "continue") {
    super(how);
    this.how = how;
  }
}
class Unknown extends Error {}

type Run = {
  plans: ReadonlyMap<string, Plan>;
  answers: Answers;
  tag: string;
  reply: { body: unknown } | null;
  /** Failures of arms that lead nowhere: they come while the rest of their scope goes on. */
  loose: Set<string>;
  work: { left: number };
};

const WORK_MAX = 20_000;

export function expect(
  plans: ReadonlyMap<string, Plan>,
  plan: Plan,
  input: readonly number[],
  tag: string,
  answers: Answers,
): Expected {
  return expectWithin(
    { plans, answers, tag, reply: null, loose: new Set(), work: { left: WORK_MAX } },
    plan,
    input,
  );
}

function expectWithin(run: Run, plan: Plan, input: readonly number[]): Expected {
  if (!plan.isExact || plan.timeoutMs !== undefined || plan.concurrency?.overlap === "cancelOther")
    return { kind: "unknown" };
  try {
    const items = input.map((n): ModelItem => ({ n, trail: {} }));
    const last = scope(run, plan.steps, wireOf(items), "");
    const output = run.reply === null ? collapse(last.taken ? last.items : []) : run.reply.body;
    return { kind: "succeeded", output };
  } catch (error) {
    if (error instanceof Failed) return { kind: "failed", codes: error.codes };
    if (error instanceof Unknown) return { kind: "unknown" };
    throw error;
  }
}

export function collapse(items: readonly { n: number }[]): unknown {
  const values = items.map(({ n }) => ({ n }));
  return values.length === 0 ? null : values.length === 1 ? values[0] : values;
}

function sequence(run: Run, steps: readonly Step[], wire: Wire, path: string): Wire {
  let at = wire;
  for (const step of steps) at = play(run, step, at, path);
  return at;
}

/** All of one scope: what failed beside the way makes it fail too, whichever came first. */
function scope(run: Run, steps: readonly Step[], wire: Wire, path: string): Wire {
  const around = run.loose;
  run.loose = new Set();
  try {
    const last = sequence(run, steps, wire, path);
    if (run.loose.size > 0) throw new Failed([]);
    return last;
  } catch (error) {
    if (error instanceof Jump && run.loose.size > 0) throw new Unknown();
    if (error instanceof Failed) for (const code of run.loose) error.codes.add(code);
    throw error;
  } finally {
    run.loose = around;
  }
}

/** A body: its roots take whatever the scope has, also nothing. */
function body(
  run: Run,
  steps: readonly Step[],
  items: readonly ModelItem[],
  path: string,
): readonly ModelItem[] {
  const last = scope(run, steps, { taken: true, items }, path);
  return last.taken ? last.items : [];
}

function wireOf(items: readonly ModelItem[]): Wire {
  return items.length === 0 ? { taken: false, why: "empty" } : { taken: true, items };
}

const RUNS_EMPTY: ReadonlySet<Step["kind"]> = new Set(["count", "foreach", "respond"]);

function play(run: Run, step: Step, wire: Wire, path: string): Wire {
  if (--run.work.left < 0) throw new Unknown();
  if (step.kind === "fan") return playFan(run, step, wire, path);
  const isEmptyRun = !wire.taken && wire.why === "empty" && RUNS_EMPTY.has(step.kind);
  // A dead wire makes the step dead for the same reason, and so on behind it.
  if (!wire.taken && !isEmptyRun) return step.kind === "route" ? deadRoute(run, step, wire, path) : wire;
  return playTaken(run, step, wire.taken ? wire.items : [], path);
}

function playTaken(
  run: Run,
  step: Exclude<Step, { kind: "fan" }>,
  items: readonly ModelItem[],
  path: string,
): Wire {
  switch (step.kind) {
    case "set":
      return wireOf(items.map((item) => set(step, item)));
    case "work":
      return step.per === "item" ? workItems(run, step, items, path) : workList(run, step, items, path);
    case "filter":
      return wireOf(items.filter((item) => item.n % step.modulus !== step.rest));
    case "count":
      return wireOf([{ n: items.length, trail: {} }]);
    case "route":
      return playRoute(run, step, items, path);
    case "foreach":
      return playForeach(run, step, items, path);
    case "while":
      return { taken: true, items: playWhile(run, step, items, path) };
    case "try":
      return { taken: true, items: forget(playTry(run, step, items, path)) };
    case "parallel":
      return {
        taken: true,
        items: forget(
          arms(
            run,
            step.arms.map((arm) => () => body(run, arm, items, `${path}${step.id}#0/`)),
          ).flat(),
        ),
      };
    case "saga":
      return { taken: true, items: forget(body(run, step.body, items, `${path}${step.id}#0/`)) };
    case "pause":
      return wireOf(items);
    case "signal":
      return wireOf([{ n: run.answers.signal(run.tag, step.id), trail: {} }]);
    case "approval":
      return wireOf([{ n: run.answers.approval(run.tag, `${path}${step.id}`), trail: {} }]);
    case "sub":
      return playSub(run, step, items, path);
    case "respond":
      run.reply ??= { body: collapse(items) };
      return wireOf(items);
    case "stop":
      throw new Failed(["STOPPED"]);
    case "jump": {
      const goesOn = items.filter((item) => item.n % step.modulus !== step.rest);
      if (goesOn.length < items.length) throw new Jump(step.how);
      return wireOf(goesOn);
    }
  }
}

function forget(items: readonly ModelItem[]): readonly ModelItem[] {
  return items.map(({ n }) => ({ n, trail: {} }));
}

function set(step: Step & { kind: "set" }, item: ModelItem): ModelItem {
  const read = step.reads === undefined ? 0 : item.trail[step.reads];
  if (read === undefined) throw new Error(`the plan reads ${step.reads}, which is not behind ${step.id}`);
  const n = (item.n * step.times + step.plus + read) % MODULUS;
  return { n, trail: { ...item.trail, [step.id]: n } };
}

function workItems(run: Run, step: Work, items: readonly ModelItem[], path: string): Wire {
  if (step.isPoisonous) throw new Unknown();
  const good: ModelItem[] = [];
  const bad: ModelItem[] = [];
  let hasFailed = false;
  // A single item is worked on by the run itself.
  const one = items.length === 1;
  items.forEach((item, index) => {
    const give = (n: number): number => good.push({ n, trail: { ...item.trail, [step.id]: n } });
    if (!isRefused(step.failRest, item.n)) give(answerOf(step.salt, afterSteps(item.n, step.steps ?? 0)));
    else if (step.onError === "fallback") give(FALLBACK_N);
    else if (step.onError === "park")
      give(run.answers.parked(run.tag, `${path}${step.id}`, one ? undefined : index));
    else if (step.onError === "errorPort") bad.push({ n: ERROR_N, trail: item.trail });
    else hasFailed = true;
  });
  if (hasFailed) throw new Failed([FAILED]);
  if (step.onError !== "errorPort") return wireOf(good);
  return joinAny([portWire(good, bad.length > 0), portWire(bad, good.length > 0)]);
}

function workList(run: Run, step: Work, items: readonly ModelItem[], path: string): Wire {
  if (step.isPoisonous) throw new Unknown();
  const n = listNumber(items.map((item) => item.n));
  const one = (value: number): Wire => wireOf([{ n: value, trail: {} }]);
  if (!isRefused(step.failRest, n)) return one(answerOf(step.salt, afterSteps(n, step.steps ?? 0)));
  if (step.onError === "fallback") return one(FALLBACK_N);
  if (step.onError === "park") return one(run.answers.parked(run.tag, `${path}${step.id}`, undefined));
  // One error item for each item of the list.
  if (step.onError === "errorPort") return wireOf(items.map(() => ({ n: ERROR_N, trail: {} })));
  throw new Failed([FAILED]);
}

/** A port of a node that ran: without items it was not chosen, or there was nothing at all. */
function portWire(items: readonly ModelItem[], hasOthers: boolean): Wire {
  if (items.length > 0) return { taken: true, items };
  return { taken: false, why: hasOthers ? "notChosen" : "empty" };
}

const REASONS = ["empty", "failed", "cancelled", "notChosen"];

function joinAny(wires: readonly Wire[]): Wire {
  const taken = wires.filter((wire) => wire.taken);
  // A taken wire may carry nothing (the end of a block); the join passes nothing on then.
  if (taken.length > 0) return wireOf(taken.flatMap((wire) => wire.items));
  const whys = new Set(wires.map((wire) => (wire.taken ? "" : wire.why)));
  return { taken: false, why: REASONS.find((why) => whys.has(why)) ?? "joinUnmet" };
}

function playRoute(
  run: Run,
  step: Step & { kind: "route" },
  items: readonly ModelItem[],
  path: string,
): Wire {
  const count = step.arms.length;
  const ways = step.arms.map((_, index) =>
    items.filter((item) => (step.by === "if" ? (item.n % 2 === 0 ? 0 : 1) : item.n % count) === index),
  );
  const ends = arms(
    run,
    step.arms.map((arm, index) => () => {
      const way = ways[index] ?? [];
      return endOfArm(run, arm, portWire(way, way.length < items.length), path);
    }),
  );
  return joinAny(ends.filter((end) => end !== null));
}

function deadRoute(
  run: Run,
  step: Step & { kind: "route" },
  wire: Wire & { taken: false },
  path: string,
): Wire {
  return joinAny(step.arms.map((arm) => endOfArm(run, arm, wire, path)).filter((end) => end !== null));
}

/** An arm that ends in a stop has no wire into the join: what follows the join does not wait for it. */
function endOfArm(run: Run, arm: readonly Step[], wire: Wire, path: string): Wire | null {
  if (arm.at(-1)?.kind !== "stop") return sequence(run, arm, wire, path);
  try {
    sequence(run, arm, wire, path);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    for (const code of error.codes) run.loose.add(code);
  }
  return null;
}

function playFan(run: Run, step: Step & { kind: "fan" }, wire: Wire, path: string): Wire {
  const all = arms(
    run,
    step.arms.map((arm) => () => endOfArm(run, arm, wire, path)),
  );
  const ends = all.filter((end) => end !== null);
  if (ends.length === 0) throw new Unknown();
  if (step.how === "any") return joinAny(ends);
  if (ends.some((end) => !end.taken)) return { taken: false, why: "joinUnmet" };
  return joinAny(ends);
}

/** Side by side: all failures are possible. A failure beside a jump is a race. */
function arms<T>(_run: Run, plays: readonly (() => T)[]): T[] {
  const codes = new Set<string>();
  const results: T[] = [];
  for (const one of plays) {
    try {
      results.push(one());
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      for (const code of error.codes) codes.add(code);
    }
  }
  if (codes.size > 0) throw new Failed(codes);
  return results;
}

function playForeach(
  run: Run,
  step: Step & { kind: "foreach" },
  items: readonly ModelItem[],
  path: string,
): Wire {
  const elements =
    step.expand === undefined
      ? items
      : items.flatMap((item) =>
          Array.from({ length: step.expand ?? 0 }, (_, index) => ({ n: item.n + index, trail: item.trail })),
        );
  const done: ModelItem[] = [];
  const failed: ModelItem[] = [];
  const codes = new Set<string>();
  const origins = step.batch === 1;
  for (let from = 0, round = 0; from < elements.length; from += step.batch, round++) {
    const batch = elements.slice(from, from + step.batch);
    try {
      const result = body(run, step.body, batch, `${path}${step.id}#${round}/`);
      for (const { n } of result) done.push({ n, trail: origins ? (batch[0]?.trail ?? {}) : {} });
    } catch (error) {
      if (error instanceof Jump) {
        if (error.how === "break") break;
        continue;
      }
      if (!(error instanceof Failed)) throw error;
      if (step.onError === "stop") for (const code of error.codes) codes.add(code);
      if (step.onError === "stop" && step.concurrency === 1) break;
      failed.push(...batch);
    }
  }
  if (codes.size > 0) throw new Failed(codes);
  if (step.onError !== "collect") return { taken: true, items: done };
  const errors = failed.map(() => ({ n: ERROR_N, trail: {} }));
  const errorWire: Wire =
    errors.length > 0 ? { taken: true, items: errors } : { taken: false, why: "notChosen" };
  return joinAny([{ taken: true, items: forget(done) }, errorWire]);
}

function playWhile(
  run: Run,
  step: Step & { kind: "while" },
  items: readonly ModelItem[],
  path: string,
): readonly ModelItem[] {
  let at = forget(items);
  for (let round = 0; round < step.rounds; round++) {
    if (round >= step.roundsMax) throw new Failed(["LOOP_BOUND"]);
    try {
      at = forget(body(run, step.body, at, `${path}${step.id}#${round}/`));
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      if (error.how === "break") break;
    }
  }
  return at;
}

function playTry(
  run: Run,
  step: Step & { kind: "try" },
  items: readonly ModelItem[],
  path: string,
): readonly ModelItem[] {
  const clean = (): void => {
    const steps = step.clean;
    if (steps) body(run, steps, [{ n: 1, trail: {} }], `${path}${step.id}#finally/`);
  };
  let result: readonly ModelItem[];
  try {
    result = bodyOrRescue(run, step, items, path);
  } catch (error) {
    if (error instanceof Failed || error instanceof Jump) clean();
    throw error;
  }
  clean();
  return result;
}

function bodyOrRescue(
  run: Run,
  step: Step & { kind: "try" },
  items: readonly ModelItem[],
  path: string,
): readonly ModelItem[] {
  try {
    return body(run, step.body, items, `${path}${step.id}#body/`);
  } catch (error) {
    if (!(error instanceof Failed) || step.rescue === null) throw error;
    return body(run, step.rescue, [{ n: RESCUE_N, trail: {} }], `${path}${step.id}#catch/`);
  }
}

function playSub(run: Run, step: Step & { kind: "sub" }, items: readonly ModelItem[], path: string): Wire {
  const child = (command: string, input: readonly ModelItem[]): readonly ModelItem[] => {
    const plan = run.plans.get(step.workflow);
    if (plan === undefined) throw new Unknown();
    const expected = expectWithin(
      { ...run, tag: `${run.tag}>${command}`, reply: null, loose: new Set() },
      plan,
      input.map(({ n }) => n),
    );
    if (expected.kind === "unknown") throw new Unknown();
    if (expected.kind === "failed") throw new Failed(expected.codes);
    return itemsOf(expected.output);
  };
  const command = `${path}${step.id}`;
  if (step.mode === "all" || items.length === 1) return wireOf(child(command, items));
  const results = arms(
    run,
    items.map((item, index) => () => child(`${command}:${index}`, [item])),
  );
  return wireOf(results.flat());
}

function itemsOf(output: unknown): ModelItem[] {
  const values = output === null ? [] : Array.isArray(output) ? output : [output];
  return (values as { n: number }[]).map(({ n }) => ({ n, trail: {} }));
}
