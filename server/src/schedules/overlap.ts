// What a fire does while an execution of the same schedule is open. Pure.
import type { OverlapPolicy } from "@auraos/contract";

export type OverlapChoice =
  | { kind: "start" }
  | { kind: "skip"; reason: string }
  | { kind: "buffer"; reason: string; stop?: "cancel" | "terminate" }
  /** Stays due, and is looked at again when an execution ends. */
  | { kind: "hold" };

export const BUFFERED_MAX = 10_000;

export type Situation = {
  open: readonly string[];
  /** Fires of the rule that wait. */
  buffered: number;
  /** It is made up for after a downtime, with others before and behind it. */
  isCatchingUp: boolean;
};

export function overlapOf(policy: OverlapPolicy, now: Situation): OverlapChoice {
  const [first] = now.open;
  if (policy === "allow" || (first === undefined && now.buffered === 0)) return { kind: "start" };
  const still = first === undefined ? "Fires from before still wait" : `Execution ${first} is still open`;
  if (policy === "cancelOther")
    return { kind: "buffer", reason: `${still}; it is cancelled.`, stop: "cancel" };
  if (policy === "terminateOther")
    return { kind: "buffer", reason: `${still}; it is terminated.`, stop: "terminate" };
  // Catching up makes the overlap, and not what is made up for: they follow one another.
  if (now.isCatchingUp) return { kind: "hold" };
  if (policy === "skip") return { kind: "skip", reason: `${still} (overlap: skip).` };
  if (policy === "bufferOne" && now.buffered > 0)
    return { kind: "skip", reason: `${still}, and one fire waits already (overlap: bufferOne).` };
  if (now.buffered >= BUFFERED_MAX)
    return { kind: "skip", reason: `${still}, and ${BUFFERED_MAX} fires wait already.` };
  return { kind: "buffer", reason: `${still}; waits for it (overlap: ${policy}).` };
}
