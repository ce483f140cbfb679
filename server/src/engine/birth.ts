// The first turn of an execution, whoever starts it: a caller, a parent, a failed execution, a fork.
// Its start row, start key and first turn are written in one flush, or not at all.
import type { Event, Program, StartRecord } from "@auraos/kernel";
import { displaceIfDue } from "./admission.ts";
import { type Ack, newExecution } from "./execution.ts";
import type { LaneItem } from "./laneItem.ts";
import { countOpened } from "./openCounts.ts";
import { askTick, type Reign } from "./reign.ts";
import type { StartKeyRow, StartRow } from "./store.ts";
import { takeTurn } from "./turn.ts";

export type NewExecution = {
  event: Event & { type: "ExecutionStarted" };
  program: Program;
  envId: string;
  traceId?: string | undefined;
  concurrencyKey: string | null;
  startKey: StartKeyRow | null;
  inboxId?: string | undefined;
  /** Taken in with the first turn. */
  then?: readonly Event[];
};

/** `isJoined`: the caller puts the item into the lane, as part of another. */
export function bear(
  reign: Reign,
  born: NewExecution,
  ack: Omit<Ack, "index"> | null,
  isJoined?: boolean,
): LaneItem | null {
  const start = startRow(born, Math.floor(reign.deps.clock.now()));
  // Its input is filled into a copy when the turn is written down, so that it does not stay in memory.
  const exec = newExecution(start, born.program, reign.kernel.newState());
  exec.touchedMs = reign.deps.clock.monotonic();
  reign.live.set(exec.id, exec);
  countOpened(reign, start.orgId);
  exec.mailbox.push(born.event, ...(born.then ?? []));
  if (ack !== null) exec.acks.push({ index: 0, ...ack });
  if (born.inboxId !== undefined) exec.inboxIds.push(born.inboxId);
  const item = takeTurn(reign, exec, { start, startKey: born.startKey }, isJoined);
  displaceIfDue(reign, exec);
  askTick(reign);
  return item;
}

function startRow(born: NewExecution, startedAtMs: number): StartRow {
  const { start } = born.event;
  return {
    executionId: start.executionId,
    orgId: start.orgId,
    envId: born.envId,
    workflowId: start.workflowId,
    versionId: start.versionId,
    mode: start.mode,
    triggerNode: start.trigger ?? null,
    parentId: start.parent?.executionId ?? null,
    parentCommand: start.parent?.command ?? null,
    originId: start.origin?.executionId ?? null,
    depth: start.depth,
    actor: start.actor ?? null,
    cause: start.cause ?? null,
    traceId: born.traceId ?? null,
    startedAtMs,
    // Filled in when the turn is written down.
    input: null,
    inputBlob: null,
    concurrencyKey: born.concurrencyKey,
  };
}

type About = Pick<
  StartRecord,
  "executionId" | "orgId" | "workflowId" | "workflowName" | "versionId" | "mode"
>;

export function startRecord(reign: Reign, about: About, more: Partial<StartRecord>): StartRecord {
  return {
    ...about,
    seed: reign.deps.ids.seed(),
    depth: 0,
    effectRoot: about.executionId,
    generation: 0,
    ...more,
  };
}
