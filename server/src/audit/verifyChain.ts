// Recalculates the chain of an organization's audit entries and holds it against the signed checkpoints.
import { createHash } from "node:crypto";
import { MARK_BYTES, NO_CHECKPOINT_BEFORE, readNote, sha256Of, splitNotes, type Verifier } from "./note.ts";
import type { AuditRow } from "./store.ts";

export type Breach = { seq: number; reason: string };
export type ChainState = { seq: number; hash: Buffer; brokenAt: number | null; reason: string | null };

const emptyChain: ChainState = { seq: 0, hash: Buffer.alloc(32), brokenAt: null, reason: null };

/** The chain goes on from what left with its retention; undefined = nothing has. */
export function chainFrom(base: { seq: number; hash: Buffer } | undefined): ChainState {
  return base === undefined ? emptyChain : { ...emptyChain, seq: base.seq, hash: base.hash };
}

/** Goes on from `state`; the first entry that does not fit is kept as `brokenAt`. */
export function follow(
  state: ChainState,
  rows: readonly AuditRow[],
  onEntry?: (seq: number, hash: Buffer) => void,
): ChainState {
  let { seq, hash, brokenAt, reason } = state;
  for (const row of rows) {
    const expected = createHash("sha256").update(hash).update(`${row.seq}|${row.entry}`).digest();
    // A gap breaks the chain where something is missing.
    if (brokenAt === null && (row.seq !== seq + 1 || !expected.equals(row.hash))) {
      brokenAt = Math.min(row.seq, seq + 1);
      reason = row.seq === seq + 1 ? "changed" : "missing";
    }
    seq = row.seq;
    hash = row.hash;
    onEntry?.(seq, hash);
  }
  return { seq, hash, brokenAt, reason };
}

/** What the head says beside what is there: an end that was cut off. */
export function compareHead(state: ChainState, head: { seq: number; hash: Buffer } | undefined): ChainState {
  if (state.brokenAt !== null) return state;
  const { seq, hash } = head ?? emptyChain;
  return seq === state.seq && hash.equals(state.hash)
    ? state
    : { ...state, brokenAt: state.seq + 1, reason: "missing" };
}

export type CheckpointReport = { count: number; coveredTo: number; broken: Breach | null };

export type CheckpointCheck = {
  /** In order. */
  entry(seq: number, hash: Buffer): void;
  end(lastSeq: number): CheckpointReport;
};

/** Entries pass by once, in order; each checkpoint is compared when its last one does. */
export function checkpointCheck(
  text: string,
  orgId: string,
  verifiers: readonly Verifier[],
): CheckpointCheck {
  const notes = splitNotes(text);
  let broken: Breach | null = null;
  let coveredTo = 0;
  const breach = (seq: number, reason: string) => {
    if (broken === null || seq < broken.seq) broken = { seq, reason };
  };
  const marks = new Map<number, Buffer>();
  const ends = new Map<number, Buffer>();
  const ranges: { from: number; to: number; hasMarks: boolean }[] = [];
  let before = NO_CHECKPOINT_BEFORE;
  let last = 0;
  for (const note of notes) {
    const found = readNote(note.endsWith("\n") ? note : `${note}\n`, verifiers);
    const { checkpoint } = found ?? {};
    if (!found?.isSigned || !checkpoint || checkpoint.orgId !== orgId || checkpoint.seq <= last) {
      breach(last + 1, "checkpoint not signed");
      continue;
    }
    if (checkpoint.before !== before) breach(last + 1, "checkpoint missing");
    before = sha256Of(note.trimEnd());
    const hasMarks = checkpoint.marks?.length === (checkpoint.seq - last) * MARK_BYTES;
    for (let seq = last + 1; hasMarks && seq <= checkpoint.seq; seq += 1) {
      const at = (seq - last - 1) * MARK_BYTES;
      marks.set(seq, checkpoint.marks?.subarray(at, at + MARK_BYTES) ?? Buffer.alloc(0));
    }
    ends.set(checkpoint.seq, checkpoint.hash);
    ranges.push({ from: last + 1, to: checkpoint.seq, hasMarks });
    last = checkpoint.seq;
    coveredTo = last;
  }
  return {
    entry(seq, hash) {
      const mark = marks.get(seq);
      if (mark !== undefined && !mark.equals(hash.subarray(0, MARK_BYTES))) breach(seq, "rewritten");
      const end = ends.get(seq);
      if (end === undefined || end.equals(hash)) return;
      const range = ranges.find(({ to }) => to === seq);
      breach(range === undefined || range.hasMarks ? seq : range.from, "rewritten");
    },
    end(lastSeq) {
      if (coveredTo > lastSeq) breach(lastSeq + 1, "missing");
      return { count: notes.length, coveredTo, broken };
    },
  };
}

/** Of two, the one that comes first. */
export function firstOf(one: Breach | null, other: Breach | null): Breach | null {
  if (one === null || other === null) return one ?? other;
  return other.seq < one.seq ? other : one;
}
