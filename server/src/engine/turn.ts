// From a mailbox to the lane: all events that have gathered for an execution go into one turn of the kernel.
// Path: deliver | activity | timer | child -> mailbox -> takeTurn -> lane -> committed.
//
// Invariants:
//   T1 `read` activities may start before the commit of their cause; everything else waits for it
//   T2 a turn is serialised once, here
//   T3 a kernel that throws has left the state half-changed: the execution is set aside, never tried again by itself
import type { Event, Fact } from "@auraos/kernel";
import { closeEarly } from "./acks.ts";
import { forgetIntents, issueActivity } from "./dispatch.ts";
import { deposed, messageOf, parked } from "./errors.ts";
import { joinErrorWorkflow } from "./errorWorkflow.ts";
import { maybeQuiet } from "./evict.ts";
import type { Ack, LiveExecution } from "./execution.ts";
import { emptyItem, type LaneItem } from "./laneItem.ts";
import { parkPoisoned } from "./park.ts";
import { encodeTurn } from "./payload.ts";
import { askTick, enqueue, type Reign } from "./reign.ts";
import { BUSY, type RowState, rowState } from "./rowState.ts";
import { scanFacts, scanOutcomes } from "./scan.ts";
import { hide, hideText } from "./sensitive.ts";
import type { StartKeyRow, StartRow } from "./store.ts";

/** Rows written together with the first turn. */
export type Birth = { start: StartRow; startKey: StartKeyRow | null };

export function pushEvent(reign: Reign, exec: LiveExecution, event: Event, ack?: Omit<Ack, "index">): void {
  if (exec.isPoisoned) {
    ack?.reject(parked(exec.id, "its definition or its data cannot be worked with"));
    return;
  }
  if (exec.isDropped) {
    pushElsewhere(reign, exec, event, ack);
    return;
  }
  if (ack !== undefined) exec.acks.push({ index: exec.mailbox.length, ...ack });
  exec.mailbox.push(event);
  enqueue(reign, exec);
}

/** This object has ended, or has left memory and is loaded anew. */
function pushElsewhere(reign: Reign, exec: LiveExecution, event: Event, ack?: Omit<Ack, "index">): void {
  if (reign.isOver) return ack?.reject(deposed());
  if (reign.kernel.isClosed(exec.state)) return ack?.resolve({ kind: "refused", code: "CLOSED" });
  reign.loader.get(exec.id).then(
    (found) => {
      if (found.kind === "live") pushEvent(reign, found.exec, event, ack);
      else ack?.resolve({ kind: "refused", code: "CLOSED" });
    },
    (error) => ack?.reject(error),
  );
}

/** Takes a turn; gives the item it put into the lane, or null when nothing happened. */
export function takeTurn(
  reign: Reign,
  exec: LiveExecution,
  birth?: Birth,
  isJoined?: boolean,
): LaneItem | null {
  const { mailbox, acks, inboxIds } = exec;
  exec.mailbox = [];
  exec.acks = [];
  exec.inboxIds = [];
  const item = emptyItem(exec);
  item.acks = acks.length > 0 ? acks : null;
  item.inboxDone = inboxIds.length > 0 ? inboxIds : null;
  item.start = birth?.start ?? null;
  item.startKey = birth?.startKey ?? null;
  try {
    return advance(reign, exec, item, mailbox, isJoined === true);
  } catch (error) {
    parkPoisoned(reign, exec, messageOf(error), acks);
    return null;
  }
}

function advance(
  reign: Reign,
  exec: LiveExecution,
  item: LaneItem,
  mailbox: readonly Event[],
  isJoined: boolean,
): LaneItem | null {
  const nowMs = Math.max(exec.state.nowMs, Math.floor(reign.deps.clock.now()));
  scanOutcomes(exec, mailbox, item, nowMs);
  const turn = reign.kernel.advance(exec.program, exec.state, mailbox, nowMs);
  item.facts = turn.facts;
  item.commands = turn.commands;
  item.refused = turn.refused;
  if (turn.more) enqueue(reign, exec);
  reign.wakes.arm(exec, reign.kernel.nextWake(exec.state));
  if (exec.activities.size > 0) forgetIntents(reign, exec);
  const row = turn.more ? BUSY : rowState(reign.kernel, exec, nowMs);
  if (!isWorthATurn(item.facts)) {
    item.effects = null;
    updateRow(exec, item, row, nowMs);
    closeEarly(reign, exec, item);
    maybeQuiet(reign, exec);
    return null;
  }
  exec.seq++;
  scanFacts(exec, item, nowMs, reign.deps.activities.worker);
  updateRow(exec, item, row, nowMs);
  startReads(reign, exec, item);
  writeDown(reign, exec, item, nowMs);
  joinErrorWorkflow(reign, exec, item);
  if (!isJoined) reign.lane.push(item);
  return item;
}

/** The clock alone is no reason for a row. */
function isWorthATurn(facts: readonly Fact[]): boolean {
  return facts.length > 1 || (facts.length === 1 && facts[0]?.t !== "Now");
}

function updateRow(exec: LiveExecution, item: LaneItem, row: RowState, nowMs: number): void {
  item.status = row.status;
  const { written } = exec;
  const isFinished = item.finished !== null;
  if (!isFinished && row.status === written.status && row.wakeAtMs === written.wakeAtMs) return;
  exec.written = row;
  const failure = item.finished?.failure;
  item.update = {
    executionId: exec.id,
    orgId: exec.about.orgId,
    status: row.status,
    seq: exec.seq,
    wakeAtMs: row.wakeAtMs,
    completedAtMs: isFinished ? nowMs : null,
    output: null,
    outputBlob: null,
    errorCode: failure?.code ?? null,
    errorMessage: failure === undefined ? null : shownMessage(exec, failure.message),
    durationMs: isFinished ? Math.max(0, nowMs - exec.state.startedMs) : null,
    usage: isFinished ? exec.usage : null,
  };
}

function shownMessage({ sensitive }: LiveExecution, message: string): string {
  return sensitive === null ? message : hideText(sensitive, message);
}

function startReads(reign: Reign, exec: LiveExecution, item: LaneItem): void {
  for (const command of item.commands) {
    if (command.type !== "RunActivity") continue;
    if (command.effect === "once") exec.onceKeys.set(command.command, command.key);
    if (command.effect === "read" && !command.confirm) issueActivity(reign, exec, command);
  }
}

/** Bytes of the turn and of what the rows repeat of it; later, when big values must be put away first. */
function writeDown(reign: Reign, exec: LiveExecution, item: LaneItem, atMs: number): void {
  const turn = { executionId: exec.id, orgId: exec.about.orgId, seq: exec.seq, atMs, body: EMPTY };
  item.turn = turn;
  const finish = (body: Uint8Array): void => {
    turn.body = body;
    exec.tailFacts += item.facts.length;
    exec.tailBytes += body.byteLength;
    if (item.start !== null) {
      const started = item.facts.find((fact) => fact.t === "ExecutionStarted");
      if (started !== undefined) {
        const column = columnOf(
          reign,
          exec,
          started.items,
          started.items.map((one) => one.json),
        );
        item.start = { ...item.start, input: column.inline, inputBlob: column.blob };
      }
    }
    const output = item.finished?.output;
    if (item.update !== null && output !== undefined) {
      const column = columnOf(reign, exec, output, output);
      item.update.output = column.inline;
      item.update.outputBlob = column.blob;
    }
  };
  const body = encodeTurn(reign, exec, item.facts, atMs);
  if (body instanceof Uint8Array) return finish(body);
  item.pending++;
  body.then((bytes) => {
    finish(bytes);
    item.pending--;
    askTick(reign);
  });
}

const EMPTY: Uint8Array = new Uint8Array();

/** Input and output stand in the executions row too, for lists; a big one as the reference the turn made. */
function columnOf(
  reign: Reign,
  exec: LiveExecution,
  owner: unknown,
  value: unknown,
): { inline: Uint8Array | null; blob: string | null } {
  const blob = typeof owner === "object" && owner !== null ? exec.blobs?.get(owner) : undefined;
  if (blob !== undefined) return { inline: null, blob };
  const inline = Buffer.from(JSON.stringify(exec.sensitive === null ? value : hide(exec.sensitive, value)));
  return { inline: inline.byteLength <= reign.limits.inlineBytesMax ? inline : null, blob: null };
}
