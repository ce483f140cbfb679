// Recalculates the chain of an organization's audit entries.
import { createHash } from "node:crypto";
import type { AuditRow } from "./store.ts";

export type ChainState = { seq: number; hash: Buffer; brokenAt: number | null };

export const emptyChain: ChainState = { seq: 0, hash: Buffer.alloc(32), brokenAt: null };

/** Goes on from `state`; the first entry that does not fit is kept as `brokenAt`. */
export function follow(state: ChainState, rows: readonly AuditRow[]): ChainState {
  let { seq, hash, brokenAt } = state;
  for (const row of rows) {
    const expected = createHash("sha256").update(hash).update(`${row.seq}|${row.entry}`).digest();
    // A gap breaks the chain where something is missing.
    if (brokenAt === null && (row.seq !== seq + 1 || !expected.equals(row.hash)))
      brokenAt = Math.min(row.seq, seq + 1);
    seq = row.seq;
    hash = row.hash;
  }
  return { seq, hash, brokenAt };
}

/** What the head says beside what is there: an end that was cut off. */
export function compareHead(state: ChainState, head: { seq: number; hash: Buffer } | undefined): ChainState {
  if (state.brokenAt !== null) return state;
  const { seq, hash } = head ?? emptyChain;
  return seq === state.seq && hash.equals(state.hash) ? state : { ...state, brokenAt: state.seq + 1 };
}
