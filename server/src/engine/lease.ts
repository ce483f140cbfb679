// Leadership: a lease row with an epoch that every flush checks. The lease is renewed each second on a timer of its
// own, so that a slow flush does not cost it.
//
// Invariants:
//   L1 no effect starts in the last `leaseGuardMs` of the lease, measured by our own monotonic clock from before the
//      call that granted it
//   L2 an answer that belongs to an older epoch of ours says nothing about the current one
//   L3 taking over from ourselves needs the lease to be ours still: had somebody else led meanwhile, and gone, what is in
//      memory would be old
import type { EngineDeps, EngineLimits } from "./engine.types.ts";
import { messageOf } from "./errors.ts";

export type Lease = {
  epoch(): number;
  mayStartEffects(): boolean;
  /** Takes over from ourselves: when it resolves, no flush of the old epoch can commit any more. False = deposed. */
  reclaim(): Promise<boolean>;
  stop(): void;
};

export type LeaseHooks = { onRenewed: () => void; onDeposed: () => void };

type Needs = { deps: Pick<EngineDeps, "store" | "clock" | "log" | "holder">; limits: EngineLimits };

export function holdLease(
  needs: Needs,
  granted: { epoch: number; askedAtMs: number },
  hooks: LeaseHooks,
): Lease {
  const { store, clock, log, holder } = needs.deps;
  const { leaseMs, renewMs, leaseGuardMs } = needs.limits;
  let epoch = granted.epoch;
  let untilMs = granted.askedAtMs + leaseMs;
  let isStopped = false;
  let isReclaiming = false;
  let cancelTimer = clock.setTimer(renewMs, renew);

  function renew(): void {
    if (isStopped) return;
    cancelTimer = clock.setTimer(renewMs, renew);
    if (isReclaiming) return;
    const asked = epoch;
    const askedAtMs = clock.monotonic();
    store.renew(asked, leaseMs).then(
      (isOurs) => {
        if (isStopped || isReclaiming || asked !== epoch) return;
        if (!isOurs) return hooks.onDeposed();
        untilMs = Math.max(untilMs, askedAtMs + leaseMs);
        hooks.onRenewed();
      },
      (error) => log("warn", "the lease could not be renewed", { error: messageOf(error) }),
    );
  }

  return {
    epoch: () => epoch,
    mayStartEffects: () => clock.monotonic() < untilMs - leaseGuardMs,
    reclaim: async () => {
      isReclaiming = true;
      try {
        const askedAtMs = clock.monotonic();
        const mine = await store.acquire(holder, { leaseMs, isOurs: true });
        if (mine === null) return false;
        if (mine.timelineChanged === true) {
          log("error", "the database has changed its timeline: everything is read again", {});
          return false;
        }
        epoch = mine.epoch;
        untilMs = askedAtMs + leaseMs;
        return true;
      } finally {
        isReclaiming = false;
      }
    },
    stop: () => {
      isStopped = true;
      cancelTimer();
    },
  };
}
