// A stored execution becomes a live one: snapshot and turns are folded, never decided again; then what was open is
// issued again. The state is exactly that of the last committed turn.
//
// Invariants:
//   R1 turns are folded in order and without a gap, else the execution is set aside
//   R2 a `once` activity that was started and has no outcome is never sent again: after its deadline plus skew (the
//      call of a deposed engine may still be on the wire) it is reported as lost
//   R4 an execution that lives already is not made a second time
//   R3 everything else that was open is sent again with the recorded parameters under the recorded key
import type { ExecutionState, Failure } from "@auraos/kernel";
import { cancelOrphan, startChild } from "./children.ts";
import { issueActivity } from "./dispatch.ts";
import { messageOf, ReadTrouble } from "./errors.ts";
import { type LiveExecution, newExecution, type RunStart } from "./execution.ts";
import { SKEW_MS } from "./limits.ts";
import type { Found } from "./load.ts";
import { type BlobReader, decodeTurn, rememberBlob } from "./payload.ts";
import { enqueue, type Reign } from "./reign.ts";
import { parkedWaits } from "./scan.ts";
import { rememberSealed } from "./sensitive.ts";
import { readSnapshot } from "./snapshot.ts";
import { countFact } from "./stats.ts";
import type { StoredExecution } from "./store.ts";
import { pushEvent } from "./turn.ts";
import { type Usage, withUsageOf } from "./usage.ts";

const CLOSED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "terminated"]);

export function isClosed(stored: StoredExecution): boolean {
  return CLOSED.has(stored.status);
}

export async function restore(reign: Reign, stored: StoredExecution): Promise<Found> {
  if (isClosed(stored)) return { kind: "closed", stored };
  const loaded = await reading(() => reign.programs.get(stored.start.versionId));
  if (!loaded.ok) throw new Error(loaded.message);
  const { payloads } = reign.deps;
  const get = (id: string): Promise<Uint8Array> => reading(() => payloads.get(id));
  const reader: BlobReader = { payloads: { ...payloads, get }, known: new Map() };
  const begun = await beginning(reign, reader, stored);
  const exec = newExecution(stored.start, loaded.program, begun.state);
  exec.started = begun.started;
  exec.usage = begun.usage;
  exec.seq = begun.seq;
  for (const turn of begun.turns) {
    if (turn.seq !== exec.seq + 1) throw new Error(`The history has a gap before turn ${turn.seq}.`);
    await fold(reign, exec, reader, turn.body);
    exec.seq = turn.seq;
  }
  if (exec.seq === 0) throw new Error("The history is empty.");
  exec.committedSeq = exec.seq;
  for (const [id, value] of reader.known) {
    if (reader.sealed?.has(id) !== true) rememberBlob(exec, value, id);
    else if (exec.sensitive !== null)
      for (const [at, one] of (value as unknown[]).entries())
        rememberSealed(exec.sensitive, one, { $sealed: id, at });
  }
  if (reign.isOver) return { kind: "missing" };
  if (reign.kernel.isClosed(exec.state)) return { kind: "closed", stored };
  // R4: it was born while this read was under way; two states of one execution would both write.
  const living = reign.live.get(exec.id);
  if (living !== undefined) return { kind: "live", exec: living };
  settle(reign, exec, stored);
  return { kind: "live", exec };
}

/** A read that fails says nothing about the execution, unless what is read is gone for good. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const failure = (error as { failure?: { code?: string } }).failure;
    if (failure?.code === "BLOB_NOT_FOUND") throw error;
    throw new ReadTrouble(messageOf(error), { cause: error });
  }
}

type Beginning = {
  state: ExecutionState;
  started: Map<string, RunStart>;
  usage: Usage | null;
  seq: number;
  turns: StoredExecution["turns"];
};

async function beginning(reign: Reign, reader: BlobReader, stored: StoredExecution): Promise<Beginning> {
  const fresh = { state: reign.kernel.newState(), started: new Map<string, RunStart>(), usage: null, seq: 0 };
  if (stored.snapshot === null) return { ...fresh, turns: stored.turns };
  const snapshot = await readSnapshot(reader, stored.snapshot.body);
  if (snapshot !== undefined) return { ...snapshot, seq: stored.snapshot.seq, turns: stored.turns };
  // Of another version: the whole history is folded.
  const id = stored.start.executionId;
  const whole = (await reign.deps.store.load([id], { whole: true })).get(id);
  return { ...fresh, turns: whole?.turns ?? [] };
}

async function fold(reign: Reign, exec: LiveExecution, reader: BlobReader, body: Uint8Array): Promise<void> {
  let at = 0;
  const facts = await decodeTurn(reader, body);
  for (const fact of facts) {
    if (fact.t === "Now") at = fact.at;
    countFact(fact, at, exec.start.startedAtMs, "", exec.started, []);
    exec.usage = withUsageOf(fact, exec.usage);
    reign.kernel.evolve(exec.program, exec.state, fact);
  }
  exec.tailFacts += facts.length;
  exec.tailBytes += body.byteLength;
}

/** Puts it in its place and issues what was open; the first turn has no events and lets due timers fire. */
function settle(reign: Reign, exec: LiveExecution, stored: StoredExecution): void {
  exec.written = { status: stored.status, wakeAtMs: stored.wakeAtMs };
  exec.touchedMs = reign.deps.clock.monotonic();
  for (const [id, wait] of Object.entries(exec.state.waits)) {
    if (wait.kind === "approval" || wait.kind === "webhook" || wait.kind === "signal") exec.openWaits.add(id);
  }
  for (const wait of parkedWaits(exec.state).keys()) exec.openWaits.add(wait);
  reign.live.set(exec.id, exec);
  reign.wakes.arm(exec, reign.kernel.nextWake(exec.state));
  for (const command of reign.kernel.openCommands(exec.program, exec.state)) {
    if (command.type === "StartChild") startChild(reign, exec, command, true);
    if (command.type !== "RunActivity") continue;
    const open = exec.state.commands[command.command];
    const wasSent = open?.effect === "once" && open.status === "started" && !command.confirm;
    if (!wasSent) {
      issueActivity(reign, exec, command);
      continue;
    }
    exec.onceKeys.set(command.command, command.key);
    reportLost(reign, exec, command.command, command.attempt, open.deadline ?? 0);
  }
  cancelOrphan(reign, exec);
  enqueue(reign, exec);
}

function reportLost(
  reign: Reign,
  exec: LiveExecution,
  command: string,
  attempt: number,
  deadlineMs: number,
): void {
  const report = (): void => {
    if (reign.isOver || exec.isDropped) return;
    const leftMs = deadlineMs + SKEW_MS - reign.deps.clock.now();
    if (leftMs > 0) reign.wheel.add(leftMs, report);
    else pushEvent(reign, exec, { type: "ActivityFailed", command, attempt, failure: LOST });
  };
  report();
}

const LOST: Failure = {
  code: "OUTCOME_UNKNOWN",
  class: "unknown",
  message: "The engine went away while this step was under way; whether it happened is not known.",
  remedy: "Look at the other side, then decide: done, not done, or again.",
  certainty: "unknown",
  lost: true,
};
