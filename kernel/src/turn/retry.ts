// When, if at all, is there another attempt? Jitter is a function of seed, run and attempt, so a replay agrees.
import type { RetryPolicy } from "../definition.ts";
import type { Failure } from "../failure.ts";
import type { OpenCommand } from "../state.ts";
import type { Turn } from "./turn.ts";

/** Absolute time of the next attempt, or null when this failure is final. */
export function retryAt(
  turn: Turn,
  policy: RetryPolicy,
  command: OpenCommand,
  attempt: number,
  failure: Failure,
): number | null {
  if (attempt >= policy.attempts || !failure.retryable) return null;
  if (policy.on && !policy.on.includes(failure.class)) return null;
  if (command.effect === "once" && failure.certainty !== "notDone") return null;
  const delay = withJitter(
    backoff(policy, attempt),
    policy.jitter ?? 0,
    `${turn.state.start?.seed}/${command.run}/${command.item ?? ""}/${attempt}`,
  );
  const asked = policy.honourRetryAfter === false ? 0 : (failure.retryAfterMs ?? 0);
  return turn.nowMs + Math.max(delay, asked);
}

/** Delay in ms after the given attempt, before jitter. */
export function backoff(policy: RetryPolicy, attempt: number): number {
  const base = policy.delayMs ?? 1_000;
  const factor = policy.backoff === "exponential" ? (policy.factor ?? 2) ** (attempt - 1) : 1;
  return Math.min(base * factor, policy.delayMsMax ?? 3_600_000);
}

function withJitter(delay: number, share: number, key: string): number {
  if (share <= 0) return Math.round(delay);
  return Math.max(0, Math.round(delay * (1 + share * (2 * unit(key) - 1))));
}

/** A number in [0, 1) from text: FNV-1a, finished with a mix so that neighbours differ. */
export function unit(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
