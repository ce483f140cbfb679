// Those who react to what they see: every wait is answered some time, every run that was set aside is decided about,
// truthfully, by looking at the service outside; and some people interfere.
import type { Event, Fact, Json } from "@auraos/kernel";
import { hash, type Random } from "../random.ts";
import type { Answers } from "../workflows/model.ts";
import { FAILED, MODULUS, type Plan, type Step } from "../workflows/plan.ts";
import type { Faults } from "../world/faults.ts";
import type { ExecutionRecord, History } from "../world/history.ts";
import type { Effect, Outside } from "../world/outside.ts";
import type { Timeline } from "../world/timeline.ts";
import type { Clients } from "./clients.ts";

/** What people say depends on the question and never on the day. */
export const answers: Answers = {
  approval: (tag, run) => hash(`approval ${tag} ${run}`) % MODULUS,
  signal: (tag, step) => hash(`signal ${tag} ${step}`) % MODULUS,
  parked: (tag, run, item) => hash(`parked ${tag} ${run} ${item ?? ""}`) % MODULUS,
};

/** How executions are called in stories: after the request, and after the command of the parent. */
export function tagOf(history: History, record: ExecutionRecord): string {
  const { parentId, parentCommand, cause, originId } = record.start;
  const origin = originId === null ? undefined : history.executions.get(originId);
  // What runs again is asked the same questions.
  if (origin !== undefined) return tagOf(history, origin);
  const parent = parentId === null ? undefined : history.executions.get(parentId);
  return parent === undefined ? (cause ?? "") : `${tagOf(history, parent)}>${parentCommand}`;
}

type Needs = {
  timeline: Timeline;
  random: Random;
  faults: Faults;
  history: History;
  outside: Outside;
  clients: Clients;
  plans: ReadonlyMap<string, Plan>;
  /** Executions that people have interfered with. */
  meddled: Map<string, Set<Event["type"]>>;
  /** Executions that got their signals before they had begun. */
  signalled: Set<string>;
};

export function react(needs: Needs, record: ExecutionRecord, fact: Fact): void {
  switch (fact.t) {
    case "WaitOpened":
      return answerWait(needs, record, fact);
    case "NodeParked":
      return resolve(needs, record, fact);
    case "ScopeClosed":
      return retryCompensation(needs, record, fact);
    case "ExecutionStarted":
      signalEarly(needs, record);
      return meddle(needs, record);
    case "ExecutionFinished":
      return runAgain(needs, record);
  }
}

/** Signals that come before anybody waits for them: the only one for a step that runs once, two ahead for a loop. */
function signalEarly(needs: Needs, record: ExecutionRecord): void {
  if (needs.signalled.has(record.id)) return;
  const tag = tagOf(needs.history, record);
  for (const event of signalsAhead(tag, needs.plans.get(record.start.workflowId)))
    needs.timeline.after(needs.random.int(300), () => needs.clients.tell(record.id, event));
}

function* signalsAhead(tag: string, plan: Plan | undefined): Generator<Event> {
  for (const { step, isInLoop } of allSteps(plan?.steps ?? [])) {
    if (step.kind !== "signal" || !isEarly(tag, step.id)) continue;
    const payload = { n: answers.signal(tag, step.id) };
    for (const id of isInLoop ? [`ahead-${step.id}-0`, `ahead-${step.id}-1`] : [`early-${step.id}`])
      yield { type: "SignalReceived", name: `go-${step.id}`, id, payload };
  }
}

/** An execution that waits for its place, of which one knows that it was accepted: signals for it, or it is withdrawn. */
export function reactWhileWaiting(needs: Needs, executionId: string, plan: Plan, tag: string): void {
  const { timeline, random, clients, faults, meddled } = needs;
  if (plan.concurrency === undefined) return;
  const isUnborn = !needs.history.executions.has(executionId);
  if (isUnborn && !needs.signalled.has(executionId) && random.chance(0.5)) {
    needs.signalled.add(executionId);
    for (const event of signalsAhead(tag, plan))
      timeline.after(random.int(1_000), () => clients.tell(executionId, event));
  }
  if (!random.chance(faults.meddling)) return;
  const type = random.pick(["CancelRequested", "CancelRequested", "TerminateRequested"] as const);
  timeline.after(random.int(3_000), () => {
    meddled.set(executionId, (meddled.get(executionId) ?? new Set()).add(type));
    clients.tell(executionId, { type, by: "bob" });
  });
}

function isEarly(tag: string, step: string): boolean {
  return hash(`early ${tag} ${step}`) % 3 === 0;
}

/** A step outside of loops runs at most once in an execution. */
function* allSteps(steps: readonly Step[], isInLoop = false): Generator<{ step: Step; isInLoop: boolean }> {
  for (const step of steps) {
    yield { step, isInLoop };
    const isLoop = isInLoop || step.kind === "foreach" || step.kind === "while";
    if ("arms" in step) for (const arm of step.arms) yield* allSteps(arm, isLoop);
    if ("body" in step) yield* allSteps(step.body, isLoop);
    if (step.kind === "try") yield* allSteps([...(step.rescue ?? []), ...(step.clean ?? [])], isLoop);
  }
}

function answerWait(needs: Needs, record: ExecutionRecord, fact: Fact & { t: "WaitOpened" }): void {
  const { timeline, random, clients, history } = needs;
  const tag = tagOf(history, record);
  const again = (act: () => void): void => {
    timeline.after(random.chance(0.3) ? random.int(50) : random.int(5_000), act);
    if (random.chance(0.15)) timeline.after(random.int(7_000), act);
  };
  if (fact.kind === "signal") {
    if (!isInLoop(needs, record, fact.run) && isEarly(tag, nodeOf(fact.run))) return;
    const payload = { n: answers.signal(tag, nodeOf(fact.run)) };
    const event: Event = { type: "SignalReceived", name: fact.signal as string, id: `${fact.wait}`, payload };
    return again(() => clients.tell(record.id, event));
  }
  if (fact.kind !== "approval") return;
  const data = { n: answers.approval(tag, fact.run) };
  again(() => {
    const decision = random.chance(0.5) ? "approve" : "reject";
    clients.tell(record.id, { type: "WaitAnswered", wait: fact.wait, decision, data, by: "ann" });
  });
}

function isInLoop(needs: Needs, record: ExecutionRecord, run: string): boolean {
  for (const found of allSteps(needs.plans.get(record.start.workflowId)?.steps ?? []))
    if (found.step.id === nodeOf(run)) return found.isInLoop;
  return true;
}

/** Looks at the service: done is done, not done is done again, refused for good is replaced. */
function resolve(needs: Needs, record: ExecutionRecord, fact: Fact & { t: "NodeParked" }): void {
  const { timeline, random, clients, outside, history } = needs;
  const { run, item } = fact;
  const command = item === undefined ? run : `${run}:${item}`;
  const attempt = fact.attempt === undefined ? {} : { attempt: fact.attempt };
  const about = {
    type: "ParkResolved" as const,
    run,
    ...(item === undefined ? {} : { item }),
    ...attempt,
    by: "ann",
  };
  // Looks again whenever there was no answer: meanwhile it may have been tried again, and set aside again.
  const decide = (): Event => {
    if (fact.failure.code === FAILED) {
      const n = answers.parked(tagOf(history, record), run, item);
      return { ...about, action: "output", output: { n } };
    }
    const effect = outside.effects.get(`${record.keys.root}/${command}/${record.keys.generation}`);
    if (effect === undefined || effect.done === 0) return { ...about, action: "retry" };
    return { ...about, action: "output", output: outputOf(effect) };
  };
  timeline.after(random.between(100, 4_000), () => clients.tell(record.id, decide));
}

function outputOf(effect: Effect): Json {
  return effect.outputs.main?.items[0]?.json ?? null;
}

function retryCompensation(needs: Needs, record: ExecutionRecord, fact: Fact & { t: "ScopeClosed" }): void {
  const [, saga, entry] = /^(.*)#undo(\d+)\/$/.exec(fact.scope) ?? [];
  if (saga === undefined || fact.outcome === "completed") return;
  const event: Event = { type: "ParkResolved", run: saga, item: Number(entry), action: "retry", by: "ann" };
  needs.timeline.after(needs.random.between(100, 3_000), () => needs.clients.tell(record.id, event));
}

function meddle(needs: Needs, record: ExecutionRecord): void {
  const { timeline, random, faults, clients, meddled } = needs;
  if (!random.chance(faults.meddling)) return;
  const type = random.pick([
    "PauseRequested",
    "PauseRequested",
    "CancelRequested",
    "TerminateRequested",
  ] as const);
  timeline.after(random.int(4_000), () => {
    const known = meddled.get(record.id) ?? new Set();
    meddled.set(record.id, known.add(type));
    clients.tell(record.id, { type, by: "bob" }, () => {
      if (type !== "PauseRequested") return;
      timeline.after(random.int(4_000), () =>
        clients.tell(record.id, { type: "ResumeRequested", by: "bob" }),
      );
    });
  });
}

/** From the beginning or from a step, once it has ended. */
function runAgain({ timeline, random, clients, plans }: Needs, record: ExecutionRecord): void {
  const plan = plans.get(record.start.workflowId);
  const { parentId, originId, cause } = record.start;
  const isOrdinary = parentId === null && originId === null && /^r\d+$/.test(cause ?? "");
  if (!plan?.isExact || plan.concurrency !== undefined || !isOrdinary || !random.chance(0.06)) return;
  const node = random.chance(0.6) ? random.pick(plan.steps).id : undefined;
  const repeatEffects = random.chance(0.4);
  timeline.after(random.int(3_000), () => clients.fork(record.id, node, repeatEffects));
}

export function nodeOf(run: string): string {
  return run.slice(run.lastIndexOf("/") + 1);
}
