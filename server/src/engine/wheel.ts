// Many time limits, one timer. Activities nearly always end long before their limit, so a limit is put into a slot
// of a wheel and taken out again: a real timer per activity cost more than the rest of starting one.
//
// Limits fire up to one slot late, never early.
import type { Clock } from "./engine.types.ts";

const SLOT_MS = 50;

export type Limit = { slot: number; onTime: () => void };

export type Wheel = {
  /** `delayMs` from now by the monotonic clock. */
  add(delayMs: number, onTime: () => void): Limit;
  remove(limit: Limit): void;
  close(): void;
};

export function createWheel(clock: Clock): Wheel {
  const slots = new Map<number, Set<Limit>>();
  let armed = Infinity;
  let cancelTimer: (() => void) | null = null;

  const arm = (slot: number): void => {
    if (slot >= armed) return;
    cancelTimer?.();
    armed = slot;
    cancelTimer = clock.setTimer(Math.max(0, (slot + 1) * SLOT_MS - clock.monotonic()), turn);
  };

  const turn = (): void => {
    cancelTimer = null;
    armed = Infinity;
    const passed = Math.floor(clock.monotonic() / SLOT_MS);
    const due = [...slots.keys()].filter((slot) => slot < passed).sort((a, b) => a - b);
    for (const slot of due) {
      const limits = slots.get(slot);
      slots.delete(slot);
      for (const limit of limits ?? []) limit.onTime();
    }
    let next = Infinity;
    for (const slot of slots.keys()) if (slot < next) next = slot;
    if (next < Infinity) arm(next);
  };

  return {
    add: (delayMs, onTime) => {
      const slot = Math.floor((clock.monotonic() + Math.max(0, delayMs)) / SLOT_MS);
      const limit = { slot, onTime };
      const limits = slots.get(slot);
      if (limits === undefined) slots.set(slot, new Set([limit]));
      else limits.add(limit);
      arm(slot);
      return limit;
    },
    remove: (limit) => {
      const limits = slots.get(limit.slot);
      if (limits?.delete(limit) && limits.size === 0) slots.delete(limit.slot);
    },
    close: () => {
      cancelTimer?.();
      slots.clear();
    },
  };
}
