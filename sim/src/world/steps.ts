// Long activities: what they do before they act is recorded step by step. A step that is durable comes back with the
// command and is not done again; one that was acknowledged is durable.
import type { Failure, Json, RunActivity } from "@auraos/kernel";
import type { ActivityOutcome, RecordStep } from "@auraos/server/engine/engine.types.ts";
import { stepOf } from "../workflows/plan.ts";
import type { Database } from "./database.ts";
import type { History } from "./history.ts";
import type { Host } from "./host.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

/** What a step leaves: its place among the steps of its activity, and the number it came to. */
export type StepEntry = { step: number; n: number };

export type Steps = {
  /** What an attempt is given against what is durable: called at the moment it is sent. */
  checkGiven(host: Host, executionId: string, activity: RunActivity): void;
  play(call: StepCall): void;
  /** The clock is about to jump: no activity goes on with its steps. */
  stopAll(): void;
};

export type StepCall = {
  host: Host;
  executionId: string;
  activity: RunActivity;
  /** The number that the activity works on. */
  n: number;
  signal: AbortSignal;
  /** When its time is over, whoever still watches. */
  untilMs: number;
  record: RecordStep;
  delay: () => number;
  /** The service does not take this step now. */
  isRefused: () => boolean;
  /** All steps are done; they came to this number. */
  onDone: (n: number) => void;
  onEnd: (outcome: ActivityOutcome) => void;
};

type Needs = {
  timeline: Timeline;
  database: Database;
  history: History;
  verdict: Verdict;
};

export function createSteps({ timeline, database, history, verdict }: Needs): Steps {
  let stops = 0;

  function durable(executionId: string, command: string): readonly Json[] {
    return history.executions.get(executionId)?.steps.get(command) ?? [];
  }

  function play(call: StepCall): void {
    const { host, executionId, activity, signal } = call;
    const given = activity.steps ?? [];
    const done = given.filter(isEntry);
    const isAllowed = given.length > done.length;
    const count = (activity.config.steps as number | undefined) ?? 0;
    const begun = stops;
    let n = done.at(-1)?.n ?? call.n;
    let place = given.length;

    const next = (index: number): void => {
      if (signal.aborted || timeline.now() >= call.untilMs || stops !== begun)
        return call.onEnd(failed("ABORTED", { class: "network", retryable: true }));
      if (index === activity.config.asks && !isAllowed)
        return call.onEnd(failed("ASKS", { class: "data", needsDecision: true }));
      if (index >= count) return call.onDone(n);
      if (call.isRefused()) return call.onEnd(failed("REFUSED", { class: "network", retryable: true }));
      host.arrive(call.delay(), () => {
        n = stepOf(n, index);
        const entry: StepEntry = { step: index, n };
        call.record(place, entry).then(
          () => {
            if (JSON.stringify(durable(executionId, activity.command)[place]) !== JSON.stringify(entry))
              verdict.lost(
                "step-before-commit",
                `step ${index} of ${activity.command} of ${executionId} was acknowledged before it was durable`,
              );
            place++;
            next(index + 1);
          },
          // Nobody waits for it any more: what it says now is heard by nobody.
          () => call.onEnd(failed("STEP_REFUSED", { class: "code" })),
        );
      });
    };
    next(done.length);
  }

  return {
    checkGiven: (host, executionId, activity) => {
      if (database.store.tables.lease.holder?.id !== host.id) return;
      const { command, attempt } = activity;
      const given = activity.steps ?? [];
      const known = durable(executionId, command);
      const about = `${command} attempt ${attempt} of ${executionId}`;
      if (known.some((entry, at) => JSON.stringify(entry) !== JSON.stringify(given[at])))
        verdict.duplicated(
          "step-again",
          `${about} was sent with ${JSON.stringify(given)} although ${JSON.stringify(known)} is durable`,
        );
      else if (activity.effect !== "read" && given.length > known.length)
        verdict.illegal(
          "step-invented",
          `${about} was sent with ${JSON.stringify(given)}, of which only ${JSON.stringify(known)} is durable`,
        );
    },
    play,
    stopAll: () => {
      stops++;
    },
  };
}

/** Decisions of people stand between the steps. */
export function isEntry(entry: Json): entry is StepEntry {
  return typeof (entry as Partial<StepEntry> | null)?.step === "number";
}

function failed(code: string, more: Pick<Failure, "class"> & Partial<Failure>): ActivityOutcome {
  return {
    kind: "failed",
    failure: { code, message: "the activity did not come to its end", certainty: "notDone", ...more },
  };
}
