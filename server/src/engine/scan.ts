// One pass over the facts of a turn: everything beside the turn itself that its flush must write.
// Invariant: what is written here follows from the facts alone (and the keys of `once` commands), so it can always be
// made again from the history.
import type { Event, ExecutionState, Fact } from "@auraos/kernel";
import { childResult } from "./childResult.ts";
import type { LiveExecution } from "./execution.ts";
import type { LaneItem } from "./laneItem.ts";
import { hideText } from "./sensitive.ts";
import { type Count, countFact } from "./stats.ts";
import type { EffectRow, WaitRow } from "./store.ts";
import { withUsageOf } from "./usage.ts";

const PARKED = "parked:";
const TITLE_MAX = 500;

export function scanFacts(exec: LiveExecution, item: LaneItem, atMs: number, worker: string): void {
  const counts: Count[] = [];
  const { startedMs } = exec.state;
  for (const fact of item.facts) {
    countFact(fact, atMs, startedMs, worker, exec.started, counts);
    exec.usage = withUsageOf(fact, exec.usage);
    switch (fact.t) {
      case "ActivityStarted":
        intended(exec, item, fact, atMs);
        break;
      case "WaitOpened":
        if (fact.kind === "approval" || fact.kind === "webhook" || fact.kind === "signal") {
          item.waitsOpened ??= [];
          item.waitsOpened.push(waitRow(exec, fact, fact.kind, atMs));
          exec.openWaits.add(fact.wait);
        }
        break;
      case "WaitEscalated":
        escalated(exec, item, fact);
        break;
      case "WaitClosed":
        if (exec.openWaits.delete(fact.wait)) closeWait(exec, item, fact.wait);
        break;
      case "Replied":
        item.settled = {
          kind: "replied",
          status: fact.status,
          ...(fact.headers ? { headers: fact.headers } : {}),
          body: fact.body,
        };
        break;
      case "ExecutionFinished":
        for (const wait of exec.openWaits) closeWait(exec, item, wait);
        exec.openWaits.clear();
        if (exec.start.parentId !== null) item.result = childResult(fact);
        item.finished = {
          kind: "finished",
          status: fact.status,
          ...(fact.output !== undefined ? { output: fact.output } : {}),
          ...(fact.failure ? { failure: fact.failure } : {}),
        };
        break;
    }
  }
  if (!item.finished && (exec.openWaits.size > 0 || !isEmpty(exec.state.parked)))
    scanParked(exec, item, atMs);
  if (counts.length > 0) item.counts = counts;
}

function isEmpty(record: Record<string, unknown>): boolean {
  for (const _ in record) return false;
  return true;
}

/** What is parked is a wait too: of a person who decides. Read from the state, because a run may also end otherwise. */
function scanParked(exec: LiveExecution, item: LaneItem, atMs: number): void {
  const parked = parkedWaits(exec.state);
  for (const wait of exec.openWaits) {
    if (!wait.startsWith(PARKED) || parked.has(wait)) continue;
    exec.openWaits.delete(wait);
    closeWait(exec, item, wait);
  }
  for (const [wait, { run, failure }] of parked) {
    if (exec.openWaits.has(wait)) continue;
    exec.openWaits.add(wait);
    item.waitsOpened ??= [];
    const opened = {
      t: "WaitOpened",
      wait,
      run,
      kind: "approval",
      title: (exec.sensitive === null ? failure.message : hideText(exec.sensitive, failure.message)).slice(
        0,
        TITLE_MAX,
      ),
    } as const;
    item.waitsOpened.push(waitRow(exec, opened, "parked", atMs));
  }
}

/** By the name of the wait; parked a second time, a run has another name. */
export function parkedWaits({ parked }: ExecutionState): Map<string, ExecutionState["parked"][string]> {
  const waits = new Map<string, ExecutionState["parked"][string]>();
  for (const key in parked) {
    const one = parked[key];
    // Decided while it was paused: nobody is asked any more.
    if (one !== undefined && !one.retry) waits.set(`${PARKED}${key}@${one.at}`, one);
  }
  return waits;
}

function intended(
  exec: LiveExecution,
  item: LaneItem,
  fact: Fact & { t: "ActivityStarted" },
  atMs: number,
): void {
  const activity = exec.activities.get(fact.command);
  if (activity?.phase === "intending" && activity.command.attempt === fact.attempt) {
    item.sends ??= [];
    item.sends.push(activity);
  }
  pushEffect(exec, item, fact, "intended", atMs, fact.deadline);
}

function pushEffect(
  exec: LiveExecution,
  item: LaneItem,
  about: { command: string; attempt: number },
  outcome: EffectRow["outcome"],
  atMs: number,
  deadlineMs: number | null,
): void {
  item.effects ??= [];
  item.effects.push({
    executionId: exec.id,
    orgId: exec.about.orgId,
    command: about.command,
    attempt: about.attempt,
    key: exec.onceKeys.get(about.command) ?? "",
    outcome,
    atMs,
    deadlineMs,
  });
}

/** Outcomes that the open commands are waiting for; called before the turn, while they are open. */
export function scanOutcomes(
  exec: LiveExecution,
  events: readonly Event[],
  item: LaneItem,
  atMs: number,
): void {
  for (const event of events) {
    if (
      event.type !== "ActivitySucceeded" &&
      event.type !== "ActivityFailed" &&
      event.type !== "ActivityConfirmed"
    ) {
      continue;
    }
    const open = exec.state.commands[event.command];
    if (open?.effect !== "once" || open.attempt !== event.attempt || open.status === "retrying") continue;
    pushEffect(exec, item, event, outcomeOf(event), atMs, open.deadline ?? null);
  }
}

function outcomeOf(
  event: Event & { type: "ActivitySucceeded" | "ActivityFailed" | "ActivityConfirmed" },
): EffectRow["outcome"] {
  if (event.type === "ActivitySucceeded") return "done";
  if (event.type === "ActivityConfirmed") return event.outcome;
  return event.failure.certainty === "notDone" ? "notDone" : "unknown";
}

function closeWait(exec: LiveExecution, item: LaneItem, wait: string): void {
  item.waitsClosed ??= [];
  item.waitsClosed.push({ executionId: exec.id, wait });
}

/** Opening a wait again changes who is asked. */
function escalated(exec: LiveExecution, item: LaneItem, fact: Fact & { t: "WaitEscalated" }): void {
  const open = exec.state.waits[fact.wait];
  if (open?.kind !== "approval") return;
  const { run, kind, title, at } = open;
  const again = { t: "WaitOpened", wait: fact.wait, run, kind, assignees: fact.assignees } as const;
  item.waitsOpened ??= [];
  item.waitsOpened.push(
    waitRow(
      exec,
      { ...again, ...(title !== undefined ? { title } : {}), ...(at !== undefined ? { at } : {}) },
      kind,
      open.openedAt,
    ),
  );
}

function waitRow(
  exec: LiveExecution,
  fact: Fact & { t: "WaitOpened" },
  kind: WaitRow["kind"],
  atMs: number,
): WaitRow {
  return {
    executionId: exec.id,
    orgId: exec.about.orgId,
    wait: fact.wait,
    run: fact.run,
    kind,
    title: fact.title ?? null,
    assignees: fact.assignees ?? [],
    openedAtMs: atMs,
    expiresAtMs: fact.at ?? null,
  };
}
