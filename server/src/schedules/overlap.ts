// What a fire does while an execution of the same schedule is open. Pure.
import type { OverlapPolicy } from "@auraos/contract";
import { type Said, say } from "../platform/say.ts";

export type OverlapChoice =
  | { kind: "start" }
  | { kind: "skip"; reason: Said }
  | { kind: "buffer"; reason: Said; stop?: "cancel" | "terminate" }
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
  if (policy === "cancelOther") return { kind: "buffer", reason: still(first, "cancelled"), stop: "cancel" };
  if (policy === "terminateOther")
    return { kind: "buffer", reason: still(first, "terminated"), stop: "terminate" };
  // Catching up makes the overlap, and not what is made up for: they follow one another.
  if (now.isCatchingUp) return { kind: "hold" };
  if (policy === "skip") return { kind: "skip", reason: still(first, "skipped") };
  if (policy === "bufferOne" && now.buffered > 0) return { kind: "skip", reason: still(first, "oneWaits") };
  if (now.buffered >= BUFFERED_MAX) return { kind: "skip", reason: manyWait(first) };
  const reason =
    first === undefined
      ? say("fire.queue.waits", { policy })
      : say("fire.open.waits", { execution: first, policy });
  return { kind: "buffer", reason };
}

/** `execution` undefined = none is open, and fires from before wait. */
function still(
  execution: string | undefined,
  what: "cancelled" | "terminated" | "skipped" | "oneWaits",
): Said {
  return execution === undefined ? say(`fire.queue.${what}`, {}) : say(`fire.open.${what}`, { execution });
}

function manyWait(execution: string | undefined): Said {
  const number = BUFFERED_MAX;
  return execution === undefined
    ? say("fire.queue.manyWait", { number })
    : say("fire.open.manyWait", { execution, number });
}
