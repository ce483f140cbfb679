// Commands to activities: when each may start, and what becomes of its outcome.
//
//   read        at once
//   idempotent  after the commit of its cause
//   once        after the commit of its cause a place is taken, then its intent (ActivityStarted with the deadline)
//               becomes durable, and only then it is sent
//
// Invariants:
//   A1 nothing but `read` starts in the guarded last part of the lease
//   A2 a `once` activity never runs past the deadline that was recorded for it
//   A3 an outcome that nobody waits for any more changes the ledger of `once` effects and nothing else
import type { Event, Failure, Json, RunActivity } from "@auraos/kernel";
import type { ActivityOutcome } from "./engine.types.ts";
import { messageOf } from "./errors.ts";
import { maybeQuiet } from "./evict.ts";
import type { Activity, LiveExecution } from "./execution.ts";
import { emptyItem } from "./laneItem.ts";
import { askTick, type Reign } from "./reign.ts";
import { pushEvent } from "./turn.ts";

/** A deadline allows this much for its own commit, so that the full time limit is left to the call. */
const COMMIT_ALLOWANCE_MS = 1_000;

export function issueActivity(reign: Reign, exec: LiveExecution, command: RunActivity): void {
  const existing = exec.activities.get(command.command);
  const isSame =
    existing?.command.attempt === command.attempt && existing.command.confirm === command.confirm;
  if (existing !== undefined && isSame && existing.phase !== "over") return;
  if (command.effect === "once") exec.onceKeys.set(command.command, command.key);
  const activity: Activity = { exec, command, phase: "queued", controller: null, limit: null, deadlineMs: 0 };
  exec.activities.set(command.command, activity);
  reign.waitingActivities.push(activity);
  pumpActivities(reign);
}

/** Starts what may start: called when something queues, a place becomes free, or the lease was renewed. */
export function pumpActivities(reign: Reign): void {
  while (!reign.isOver && !reign.isStopping && reign.activitiesRunning < reign.limits.activitiesMax) {
    const activity = reign.waitingActivities.peek();
    if (activity === undefined) return;
    if (activity.phase === "queued" && changesTheWorld(activity.command) && !reign.lease.mayStartEffects())
      return;
    reign.waitingActivities.shift();
    if (activity.phase !== "queued" || activity.exec.isDropped || activity.exec.isPoisoned) continue;
    reign.activitiesRunning++;
    if (activity.command.effect === "once" && !activity.command.confirm) intend(reign, activity);
    else send(reign, activity, activity.command.timeoutMs);
  }
}

function changesTheWorld(command: RunActivity): boolean {
  return command.effect !== "read" && !command.confirm;
}

function intend(reign: Reign, activity: Activity): void {
  const { command, attempt, timeoutMs } = activity.command;
  activity.phase = "intending";
  activity.deadlineMs = Math.floor(reign.deps.clock.now()) + timeoutMs + COMMIT_ALLOWANCE_MS;
  pushEvent(reign, activity.exec, {
    type: "ActivityStarted",
    command,
    attempt,
    deadlineMs: activity.deadlineMs,
  });
}

/** The intent is durable. */
export function sendIntended(reign: Reign, activity: Activity): void {
  if (activity.phase !== "intending" || reign.isOver) return;
  if (reign.isStopping) return end(reign, activity, failed(NOT_SENT));
  if (!reign.lease.mayStartEffects()) {
    reign.heldSends.push(activity);
    return;
  }
  const leftMs = activity.deadlineMs - reign.deps.clock.now();
  if (leftMs <= 0) return end(reign, activity, failed(NOT_SENT));
  send(reign, activity, Math.min(activity.command.timeoutMs, leftMs));
}

/** The lease was renewed: what was held back goes out. */
export function sendHeld(reign: Reign): void {
  for (const activity of reign.heldSends.splice(0)) sendIntended(reign, activity);
  pumpActivities(reign);
}

function send(reign: Reign, activity: Activity, timeoutMs: number): void {
  const { exec, command } = activity;
  activity.phase = "running";
  // Measured: 0.16 us each, so it is not worth making them on demand.
  activity.controller = new AbortController();
  activity.limit = reign.wheel.add(timeoutMs, () => {
    activity.limit = null;
    activity.controller?.abort();
    end(reign, activity, failed(timedOut(command.timeoutMs)));
  });
  let outcome: Promise<ActivityOutcome>;
  try {
    outcome = reign.deps.activities.run(command, exec.about, activity.controller.signal, (step, entry) =>
      recordStep(reign, activity, step, entry),
    );
  } catch (error) {
    outcome = Promise.reject(error);
  }
  outcome.then(
    (result) => end(reign, activity, result),
    (error) => end(reign, activity, failed(crashed(error))),
  );
}

/** Durable when it resolves; rejects when nobody waits for the activity any more, which then must not go on. */
function recordStep(reign: Reign, { exec, command }: Activity, step: number, entry: Json): Promise<void> {
  return new Promise((resolve, reject) => {
    const { command: id, attempt } = command;
    pushEvent(
      reign,
      exec,
      { type: "ActivityProgressed", command: id, attempt, step, entry },
      {
        resolve: (result) =>
          result.kind === "refused" ? reject(new Error("the step is no longer wanted")) : resolve(),
        reject,
      },
    );
  });
}

function end(reign: Reign, activity: Activity, outcome: ActivityOutcome): void {
  if (reign.isOver) return;
  const { exec, command, phase } = activity;
  if (phase === "over") return recordLate(reign, activity);
  release(reign, activity);
  const open = exec.state.commands[command.command];
  if (exec.isDropped || exec.isPoisoned || open?.attempt !== command.attempt) {
    recordLate(reign, activity);
    maybeQuiet(reign, exec);
  } else pushEvent(reign, exec, eventOf(command, outcome));
  pumpActivities(reign);
}

/** Gives the place back and forgets the activity. */
function release(reign: Reign, activity: Activity): void {
  const { exec, command, phase } = activity;
  activity.phase = "over";
  if (phase !== "queued") reign.activitiesRunning--;
  if (activity.limit !== null) reign.wheel.remove(activity.limit);
  activity.limit = null;
  if (exec.activities.get(command.command) === activity) exec.activities.delete(command.command);
}

function recordLate(reign: Reign, { exec, command }: Activity): void {
  if (command.effect !== "once" || command.confirm) return;
  const item = emptyItem(null);
  item.effects = [
    {
      executionId: exec.id,
      orgId: exec.about.orgId,
      command: command.command,
      attempt: command.attempt,
      key: command.key,
      outcome: "late",
      atMs: Math.floor(reign.deps.clock.now()),
      deadlineMs: null,
    },
  ];
  reign.lane.push(item);
  askTick(reign);
}

/** The kernel no longer wants it. What may have reached the world still runs to an outcome, with the signal given. */
export function cancelActivity(reign: Reign, exec: LiveExecution, command: string, attempt: number): void {
  const activity = exec.activities.get(command);
  if (activity === undefined || activity.command.attempt !== attempt || activity.phase === "over") return;
  activity.controller?.abort();
  if (activity.phase === "running" && changesTheWorld(activity.command)) return;
  end(reign, activity, failed(CANCELLED));
}

/** Its execution is gone (ended, set aside). */
export function dropActivities(reign: Reign, exec: LiveExecution): void {
  for (const activity of [...exec.activities.values()]) {
    activity.controller?.abort();
    // A `once` that is out reports to the ledger when it ends.
    if (activity.phase !== "over") release(reign, activity);
  }
}

/** Its intent was not recorded: the command was gone by then. */
export function forgetIntents(reign: Reign, exec: LiveExecution): void {
  for (const activity of [...exec.activities.values()]) {
    if (activity.phase !== "intending") continue;
    const open = exec.state.commands[activity.command.command];
    if (open?.attempt !== activity.command.attempt) release(reign, activity);
  }
}

function eventOf({ command, attempt, confirm }: RunActivity, outcome: ActivityOutcome): Event {
  if (outcome.kind === "confirmed") {
    const { outcome: answer, outputs } = outcome;
    return { type: "ActivityConfirmed", command, attempt, outcome: answer, ...(outputs ? { outputs } : {}) };
  }
  if (confirm) return { type: "ActivityConfirmed", command, attempt, outcome: "unknown" };
  if (outcome.kind === "succeeded") {
    return { type: "ActivitySucceeded", command, attempt, outputs: outcome.outputs };
  }
  return { type: "ActivityFailed", command, attempt, failure: outcome.failure };
}

function failed(failure: Failure): ActivityOutcome {
  return { kind: "failed", failure };
}

const CANCELLED: Failure = {
  code: "CANCELLED",
  class: "cancelled",
  message: "The step was cancelled before it was sent.",
  certainty: "notDone",
};

const NOT_SENT: Failure = {
  code: "NOT_SENT",
  class: "timeout",
  message: "The step could not be sent within its time limit.",
  remedy: "Look at how long the database takes to commit, or allow the step more time.",
  retryable: true,
  certainty: "notDone",
};

function timedOut(timeoutMs: number): Failure {
  return {
    code: "TIMEOUT",
    class: "timeout",
    message: `The step did not end within ${timeoutMs} ms.`,
    remedy: "Allow it more time, or look at the service it calls.",
    retryable: true,
    certainty: "unknown",
  };
}

function crashed(error: unknown): Failure {
  return {
    code: "ACTIVITY_CRASHED",
    class: "code",
    message: messageOf(error),
    remedy: "The step itself is broken: report this with the execution.",
    certainty: "unknown",
  };
}
