// Why an event is held: what it waits for, how long at most, and who stands before it. It is read off the same rows by which
// lanes.ts decides, at the moment somebody asks; nothing is kept for it but the last refusal of a start.
import type { SubscriptionSpec } from "./bus.types.ts";
import type { HeldRow } from "./heldStore.ts";
import { turnOfThrottle } from "./rate.ts";

export type HeldPlace = Omit<HeldRow, "run" | "position"> & {
  lane: string;
  refusalCode: string | null;
  refusal: string | null;
  /** How many stand before it in its lane, and how many there are in all; counted up to COUNTED_MAX. */
  before: number;
  inLane: number;
  /** The first of its lane. */
  headPosition: number;
  headReceivedMs: number;
  headExecutionId: string | null;
  headRefusal: string | null;
  gateMs: number | null;
};

type HeldReason = {
  code: "paused" | "running" | "behind" | "quiet" | "rate" | "filling" | "joining" | "refused" | "starting";
  reason: string;
  /** At the latest, as far as it is known; ms. */
  untilMs: number | null;
  /** The execution it waits for, or that it started. */
  executionId: string | null;
  /** Position of the event whose turn comes first. */
  behind: number | null;
  /** Of a batch: how many are there, and with how many it starts at once. */
  batch: { count: number; size: number } | null;
};

const nothing = { untilMs: null, executionId: null, behind: null, batch: null };

export function reasonOf(
  spec: SubscriptionSpec,
  isPaused: boolean,
  place: HeldPlace,
  nowMs: number,
): HeldReason {
  const { executionId, dueMs, attempts, refusal, release, before } = place;
  if (executionId !== null)
    return {
      ...nothing,
      ...{ code: "running", executionId },
      reason: "Its execution is open; the next event of its key starts when that has ended.",
    };
  if (isPaused) return { ...nothing, code: "paused", reason: "The subscription is paused." };
  if (dueMs !== null && dueMs > nowMs)
    return {
      ...nothing,
      ...{ code: "refused", untilMs: dueMs },
      reason: `Its start was refused ${attempts === 1 ? "once" : `${attempts} times`}${refusal === null ? "." : `: ${refusal}`}`,
    };
  if (place.lane.startsWith("retry/") || release !== null) return starting();
  return ofFlow(spec, place, nowMs) ?? (before === 0 ? starting() : behind(place));
}

/** Undefined: nothing but its place in the lane. */
function ofFlow(spec: SubscriptionSpec, place: HeldPlace, nowMs: number): HeldReason | undefined {
  const { receivedMs, firstMs, before, headReceivedMs } = place;
  const timed = (code: HeldReason["code"], untilMs: number, reason: string): HeldReason | undefined =>
    untilMs > nowMs ? { ...nothing, code, reason, untilMs } : undefined;
  switch (spec.flow) {
    case "throttle": {
      const untilMs = turnOfThrottle(spec, place.gateMs, nowMs, before);
      return timed("rate", untilMs, `At most ${spec.limit} may start in ${spec.perSeconds} s.`);
    }
    case "debounce": {
      const quietMs = receivedMs + spec.quietSeconds * 1_000;
      const { maxWaitSeconds } = spec;
      const untilMs =
        maxWaitSeconds === undefined ? quietMs : Math.min(quietMs, firstMs + maxWaitSeconds * 1_000);
      const reason = `It starts once nothing has come for ${spec.quietSeconds} s${maxWaitSeconds === undefined ? "." : `, ${maxWaitSeconds} s after the first at the latest.`}`;
      return timed("quiet", untilMs, reason);
    }
    case "batch": {
      if (before >= spec.size) return behind(place);
      const count = Math.min(place.inLane, spec.size);
      if (count === spec.size) return undefined;
      const untilMs = headReceivedMs + spec.waitSeconds * 1_000;
      const found = timed("filling", untilMs, `The batch has ${count} of ${spec.size} events.`);
      return found && { ...found, batch: { count, size: spec.size } };
    }
    case "join": {
      const untilMs = receivedMs + spec.windowSeconds * 1_000;
      return timed("joining", untilMs, "The other workflows have not ended yet.");
    }
    default:
      return undefined;
  }
}

function behind({ headPosition, headExecutionId, headRefusal }: HeldPlace): HeldReason {
  const first = `Event ${headPosition} of the same key comes first`;
  const reason =
    headExecutionId !== null
      ? `${first}: its execution is open.`
      : headRefusal !== null
        ? `${first}, and its start was refused: ${headRefusal}`
        : `${first}.`;
  return { ...nothing, code: "behind", reason, executionId: headExecutionId, behind: headPosition };
}

function starting(): HeldReason {
  return { ...nothing, code: "starting", reason: "It starts in a moment." };
}

export function keyOfLane(lane: string): string {
  return /^(?:key|replay\/[^/]*)\/(.*)$/s.exec(lane)?.[1] ?? "";
}
