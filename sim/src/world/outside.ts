// The outside world: a service that does what activities ask, remembers what it did, and never forgets a key. It is
// what the engine's promises are about, so it notes at each call whether the call was allowed at all.
//
// A call is refused, done, done without an answer, or never heard of again; what is done is done within the time limit
// of the call (a connection that was cut does not act hours later), and a question about it is answered truthfully.
import type { Failure, Json, JsonObject, Outputs, RunActivity } from "@auraos/kernel";
import type { ActivityOutcome, ActivityRunner, RecordStep } from "@auraos/server/engine/engine.types.ts";
import type { Random } from "../random.ts";
import { answerOf, FAILED, isRefused, listNumber } from "../workflows/plan.ts";
import { type Database, POISON } from "./database.ts";
import type { Faults } from "./faults.ts";
import type { History } from "./history.ts";
import type { Host } from "./host.ts";
import { createSteps } from "./steps.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

/** What is known of one effect, by its key. */
export type Effect = {
  executionId: string;
  command: string;
  body: string;
  done: number;
  outputs: Outputs;
  /** Faults it was given so far: bounded, so that retries get through. */
  faults: number;
  /** An end that no retry can help: its execution may fail. */
  isDisturbed: boolean;
  /** Calls that may still act, and who sent them. */
  onTheWire: Map<() => void, Host>;
};

/** What an attempt was answered: `attempt` -> outcome, for the checks. */
export type Reported = Map<string, Set<"succeeded" | "failed" | "done" | "notDone" | "unknown">>;

export type Outside = {
  effects: Map<string, Effect>;
  reported: Reported;
  /** Executions in which something went wrong that no retry helps against. */
  disturbed: Set<string>;
  calls(): number;
  runner(host: Host): ActivityRunner;
  /** A machine is gone, and with it its connections. */
  cutAll(host: Host): void;
  /** Calls on the wire are decided now: the clock is about to jump. */
  decideAll(): void;
};

type Needs = {
  timeline: Timeline;
  random: Random;
  faults: Faults;
  database: Database;
  history: History;
  verdict: Verdict;
  /** Another messenger brings an outcome once more. */
  again: (executionId: string, activity: RunActivity, outcome: ActivityOutcome) => void;
};

const FAULTS_MAX = 3;
const CUT_MS = 600;

export function createOutside(needs: Needs): Outside {
  const { timeline, random, faults, database, history, verdict } = needs;
  const effects = new Map<string, Effect>();
  const reported: Reported = new Map();
  const disturbed = new Set<string>();
  /** The key of each command: it stays the same over attempts and re-issues. */
  const keys = new Map<string, string>();
  const steps = createSteps(needs);
  let calls = 0;

  function effectOf(executionId: string, activity: RunActivity, body: string): Effect {
    let effect = effects.get(activity.key);
    if (effect === undefined) {
      const outputs = {};
      const { command } = activity;
      effect = {
        executionId,
        command,
        body,
        done: 0,
        outputs,
        faults: 0,
        isDisturbed: false,
        onTheWire: new Map(),
      };
      effects.set(activity.key, effect);
    }
    return effect;
  }

  function checkCall(
    host: Host,
    executionId: string,
    activity: RunActivity,
    effect: Effect,
    body: string,
  ): void {
    const { command, attempt, confirm } = activity;
    const about = `${activity.effect} ${command} attempt ${attempt} of ${executionId}`;
    if (activity.effect === "read") return;
    const record = history.executions.get(executionId);
    if (!record?.scheduled.has(`${command}/${attempt}${confirm ? "?" : ""}`))
      verdict.illegal("barrier", `${about} was sent before the turn that caused it was durable`);
    const name = `${executionId} ${command}`;
    const known = keys.get(name) ?? activity.key;
    keys.set(name, known);
    if (known !== activity.key)
      verdict.duplicated(
        "other-key",
        `${about} was sent under key ${activity.key} and before under ${known}`,
      );
    if (confirm) return;
    if (database.store.tables.lease.holder?.id !== host.id)
      verdict.illegal("effect-without-lease", `${about} was sent by an engine that no longer leads`);
    if (activity.effect === "once" && !record?.intended.has(`${command}/${attempt}`))
      verdict.illegal("intent", `${about} was sent before its intent was durable`);
    if (activity.effect === "idempotent" && effect.body !== body)
      verdict.illegal("other-body", `${about} was sent under a known key with another body`);
  }

  function perform(activity: RunActivity, effect: Effect, outputs: Outputs): void {
    effect.outputs = outputs;
    effect.done++;
    if (effect.done > 1 && activity.effect === "once")
      verdict.duplicated(
        "once-twice",
        `${activity.command} of ${effect.executionId} was done ${effect.done} times`,
      );
  }

  function runner(host: Host): ActivityRunner {
    return {
      worker: host.id,
      run: (activity, about, signal, record) =>
        new Promise((resolve) => {
          calls++;
          const body = JSON.stringify([activity.config, activity.items]);
          const effect = effectOf(about.executionId, activity, body);
          checkCall(host, about.executionId, activity, effect, body);
          steps.checkGiven(host, about.executionId, activity);
          const report: Report = (delayMs, outcome, isLate) => {
            host.arrive(delayMs, () => {
              note(about.executionId, activity, outcome);
              resolve(outcome);
              if (random.chance(isLate ? 0.5 : faults.activity * 0.2))
                needs.again(about.executionId, activity, outcome);
            });
          };
          if (activity.confirm) return report(delay(), confirmed(effect));
          carryOut({ id: about.executionId, activity, effect, signal, host, report, record });
        }),
    };
  }

  type Report = (delayMs: number, outcome: ActivityOutcome, isLate?: boolean) => void;

  type Call = {
    id: string;
    activity: RunActivity;
    effect: Effect;
    signal: AbortSignal;
    host: Host;
    report: Report;
    record: RecordStep | undefined;
  };

  function carryOut(call: Call): void {
    const { id, activity, effect, signal, host, report, record } = call;
    const untilMs = timeline.now() + activity.timeoutMs;
    const isOnce = activity.effect === "once";
    const isPlainOnce = isOnce && !activity.nodeType.includes("asked");
    // Only the engine sees a time limit pass; for a `once` that nobody can ask about it is the end.
    signal.addEventListener("abort", () => {
      cut(effect, host);
      effect.faults++;
      if (isPlainOnce || effect.faults > FAULTS_MAX + 2) disturb(id, effect);
    });
    const n = givenNumber(activity);
    if (activity.config.steps === undefined || record === undefined) return act(call, n, untilMs);
    const isFaulty = (): boolean => {
      if (effect.faults >= FAULTS_MAX || !random.chance(faults.activity)) return false;
      effect.faults++;
      return true;
    };
    steps.play({
      ...{ host, executionId: id, activity, n, signal, untilMs, record, delay },
      isRefused: isFaulty,
      onDone: (came) => act(call, came, untilMs),
      onEnd: (outcome) => report(0, outcome),
    });
  }

  /** The call itself, once its steps are done; `n` is what they came to. */
  function act({ activity, effect, host, report }: Call, n: number, untilMs: number): void {
    const outputs = computed(activity, n);
    const isOnce = activity.effect === "once";
    const isPlainOnce = isOnce && !activity.nodeType.includes("asked");
    const canFault = effect.faults < FAULTS_MAX && random.chance(faults.activity);
    const leftMs = untilMs - timeline.now();
    const send = (delayMs: number, then: () => void): void => {
      const now = (): void => {
        if (!effect.onTheWire.delete(now)) return;
        if (outputs.kind === "succeeded") perform(activity, effect, outputs.outputs);
        then();
      };
      effect.onTheWire.set(now, host);
      timeline.after(Math.min(delayMs, leftMs - 1), now);
    };
    if (!canFault) return send(delay(), () => report(delay(), outputs));
    effect.faults++;
    const fate = random.pick(
      isPlainOnce ? ["refused", "slow"] : ["refused", "broken", "brokenAfter", "hangs", "hangsAfter", "late"],
    );
    switch (fate) {
      case "refused":
        return report(delay(), failed({ code: "REFUSED", class: "network", certainty: "notDone" }));
      case "slow":
        return send(delay(), () => report(random.int(1_000), outputs));
      case "broken":
        return report(
          delay(),
          failed({ code: "BROKEN", class: "network", certainty: isOnce ? "unknown" : "notDone" }),
        );
      case "brokenAfter":
        return send(delay(), () =>
          report(delay(), failed({ code: "BROKEN", class: "network", certainty: "unknown" })),
        );
      case "hangs":
        return;
      case "hangsAfter":
        return send(random.int(leftMs), () => {});
      case "late":
        // Answers when it has been given up already, and perhaps tried again.
        send(random.int(leftMs), () => {});
        return report(leftMs + random.int(400), outputs, true);
    }
  }

  /** The connection is gone: the service acts within a moment, or never (the deadline of a `once` allows a second). */
  function cut(effect: Effect, host: Host): void {
    for (const [act, sender] of effect.onTheWire) {
      if (sender !== host) continue;
      if (random.chance(0.5)) effect.onTheWire.delete(act);
      else timeline.after(random.int(CUT_MS), act);
    }
  }

  function disturb(executionId: string, effect: Effect): void {
    effect.isDisturbed = true;
    disturbed.add(executionId);
  }

  function delay(): number {
    if (random.chance(faults.slowActivity)) return random.int(1_200);
    return random.int(8);
  }

  function note(executionId: string, { command, attempt }: RunActivity, outcome: ActivityOutcome): void {
    const key = `${executionId} ${command}/${attempt}`;
    const known = reported.get(key) ?? new Set();
    reported.set(key, known.add(outcome.kind === "confirmed" ? outcome.outcome : outcome.kind));
  }

  return {
    effects,
    reported,
    disturbed,
    calls: () => calls,
    runner,
    cutAll: (host) => {
      for (const effect of effects.values()) cut(effect, host);
    },
    decideAll: () => {
      steps.stopAll();
      for (const effect of effects.values()) for (const act of [...effect.onTheWire.keys()]) act();
    },
  };
}

function confirmed(effect: Effect): ActivityOutcome {
  if (effect.done === 0) return { kind: "confirmed", outcome: "notDone" };
  return { kind: "confirmed", outcome: "done", outputs: effect.outputs };
}

function failed(failure: Pick<Failure, "code" | "class" | "certainty">): ActivityOutcome {
  return { kind: "failed", failure: { message: "the service did not answer", retryable: true, ...failure } };
}

/** The deterministic answer of the service. */
function computed(activity: RunActivity, n: number): ActivityOutcome {
  const { config } = activity;
  const salt = config.salt as number;
  if (isRefused(config.failRest as number | undefined, givenNumber(activity))) {
    const failure: Failure = {
      code: FAILED,
      class: "client",
      message: "refused for good",
      certainty: "notDone",
    };
    return { kind: "failed", failure };
  }
  const json: JsonObject = { n: answerOf(salt, n) };
  if (config.poison === true) json.poison = POISON;
  if (config.big === true) json.pad = "x".repeat(40_000);
  return { kind: "succeeded", outputs: { main: { items: [{ json }] } } };
}

/** The number that an activity works on. */
function givenNumber({ config, items }: RunActivity): number {
  return typeof config.n === "number" ? config.n : listNumber(items.map((item) => numberOf(item.json)));
}

function numberOf(json: Json): number {
  return (json as { n: number }).n;
}
