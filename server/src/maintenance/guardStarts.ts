// Decides about every start from outside before the engine does: is it frozen, is the organization in maintenance, is the workflow
// paused, over its rate, its day, its queue. One place, in front of the engine, so that API, webhooks, schedules, events
// and tasks are all held to it. Executions that another execution starts are not asked: their parent was.
//
// A start that is refused was counted by nobody; see startCounts.ts.
import type { Engine, ForkRequest, StartRequest, StartResult } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { oneAtATime } from "../platform/reading.ts";
import { countOpen, findWorkflowOf, type LimitRow, loadLimits, loadMaintenance } from "./guardStore.ts";
import { createSickWorkflows } from "./sickWorkflows.ts";
import { createStartCounts } from "./startCounts.ts";

/** Of health/diskWatch.ts. */
type Disk = { state(): { free: number; isLow: boolean } | undefined };

/** What an incident has frozen; see incidents/freezes.ts. */
export type Frozen = {
  of(orgId: string, workflowId: string): { reason: string } | undefined;
  isAny(orgId: string): boolean;
};

export type Guard = {
  /** Somebody changed limits or maintenance. */
  reload(): Promise<void>;
  stop(): Promise<void>;
};

/** Refused, or counted: `giveBack` when it did not start after all. */
type Verdict = { refused: StartResult } | { giveBack(): void };
const free: Verdict = { giveBack() {} };

const RELOAD_MS = 5_000;

export function guardStarts(
  engine: Engine,
  parts: {
    pool: Pool;
    nowMs: () => number;
    log: Log;
    isOff: boolean;
    freezes: Frozen;
    disk: Disk;
    /** A workflow of this organization was paused because it failed too often. */
    onPause(orgId: string): void;
  },
): { engine: Engine; guard: Guard } {
  const { pool, nowMs, log } = parts;
  let limits = new Map<string, LimitRow>();
  let closed = new Map<string, { reason: string | null; untilMs: number | null }>();
  const counts = createStartCounts(pool, () => engine.status().epoch);
  const turns = new Map<string, Promise<unknown>>();
  /** The reign whose limits are known. */
  let knownEpoch: number | null = null;
  const sick = createSickWorkflows({ pool, nowMs, log, onPause: parts.onPause });
  const reload = oneAtATime(readLimits);
  const timer = setInterval(() => {
    sick.writeAgain();
    reload().catch((error: unknown) => log("warn", "limits and maintenance could not be read", { error }));
  }, RELOAD_MS).unref();
  const unsubscribe = engine.subscribe(({ orgId, workflowId, executionId, facts }) => {
    const limit = limits.get(workflowId);
    if (limit?.pauseAfterFailures === null || limit === undefined || limit.orgId !== orgId) return;
    const finished = facts.find((fact) => fact.t === "ExecutionFinished");
    if (finished?.t !== "ExecutionFinished") return;
    const message = finished.failure?.message ?? "";
    sick.ended(limit, { executionId, status: finished.status, message });
  });
  return {
    engine: { ...engine, start: guarded, fork },
    guard: {
      reload,
      stop: () => {
        clearInterval(timer);
        unsubscribe();
        return sick.stop();
      },
    },
  };

  async function guarded(request: StartRequest): Promise<StartResult> {
    const freeze = parts.freezes.of(request.orgId, request.workflowId);
    // Tests and trials too: their steps reach the world.
    if (freeze !== undefined) return refuseFrozen(freeze).refused;
    const room = parts.disk.state();
    if (room?.isLow) return refuseFull(room.free).refused;
    // Another led until now: what it paused, and what was changed there, stands in the table.
    if (engine.status().epoch !== knownEpoch) await reload();
    if (limits.size === 0 && closed.size === 0 && !parts.isOff) return engine.start(request);
    // Open executions are counted in the table, where a start stands once it is answered: one after the other.
    const isCounted = limits.get(request.workflowId)?.openMax != null && request.mode === "production";
    return isCounted ? inTurn(request.workflowId, () => startWithin(request)) : startWithin(request);
  }

  /** Running again is a start as well. */
  async function fork(request: ForkRequest): Promise<StartResult> {
    const room = parts.disk.state();
    if (room?.isLow) return refuseFull(room.free).refused;
    if (!parts.freezes.isAny(request.orgId)) return engine.fork(request);
    const workflowId = await findWorkflowOf(pool, request.executionId);
    const freeze = parts.freezes.of(request.orgId, workflowId ?? "");
    return freeze === undefined ? engine.fork(request) : refuseFrozen(freeze).refused;
  }

  async function startWithin(request: StartRequest): Promise<StartResult> {
    const verdict = await verdictOf(request);
    if ("refused" in verdict) return verdict.refused;
    let isStarted = false;
    try {
      const result = await engine.start(request);
      isStarted = result.kind === "started";
      return result;
    } finally {
      if (!isStarted) verdict.giveBack();
    }
  }

  async function inTurn<Result>(workflowId: string, work: () => Promise<Result>): Promise<Result> {
    const before = turns.get(workflowId);
    const mine = (before ?? Promise.resolve()).then(work, work);
    turns.set(workflowId, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(workflowId) === mine) turns.delete(workflowId);
    }
  }

  async function verdictOf(request: StartRequest): Promise<Verdict> {
    if (request.mode !== "production") return free;
    if (parts.isOff)
      return refuse(
        "MAINTENANCE",
        "The server was started with executions off.",
        "Start it without AURAOS_EXECUTIONS=off.",
      );
    const now = nowMs();
    const closing = closed.get(request.orgId);
    if (closing && (closing.untilMs === null || closing.untilMs > now))
      return refuse(
        "MAINTENANCE",
        `Nothing is started at the moment${closing.reason === null ? "" : `: ${closing.reason}`}.`,
        closing.untilMs === null
          ? "Try again when maintenance is over."
          : `Try again after ${new Date(closing.untilMs).toISOString()}.`,
      );
    const limit = limits.get(request.workflowId);
    if (!limit || limit.orgId !== request.orgId) return free;
    const name = `"${request.workflowName}"`;
    if (limit.paused)
      return refuse(
        "WORKFLOW_PAUSED",
        `${name} is paused: ${limit.pauseReason ?? "by hand"}`,
        "See to the cause, then resume it (PUT .../limits).",
      );
    return overLimit(request, limit, name, now);
  }

  async function overLimit(
    request: StartRequest,
    limit: LimitRow,
    name: string,
    now: number,
  ): Promise<Verdict> {
    const seen = await counts.of(limit, now);
    const { rateCount, rateSeconds, dailyMax, openMax } = limit;
    if (rateCount !== null && rateSeconds !== null && seen.starts.length >= rateCount) {
      const at = new Date((seen.starts.at(-rateCount) ?? now) + rateSeconds * 1000).toISOString();
      return refuse(
        "RATE_LIMIT",
        `${name} starts ${rateCount} times in ${rateSeconds} s, and has.`,
        `Try again at ${at}.`,
      );
    }
    if (dailyMax !== null && seen.today >= dailyMax)
      return refuse(
        "DAILY_LIMIT",
        `${name} starts ${dailyMax} times a day, and has.`,
        `Try again at ${new Date(seen.day.untilMs).toISOString()} (midnight in ${limit.timezone}), or raise the budget.`,
      );
    // Counted before anything is waited for: of two starts at once, the second one sees the first.
    seen.starts.push(now);
    seen.today += 1;
    const giveBack = () => {
      const at = seen.starts.lastIndexOf(now);
      if (at >= 0) seen.starts.splice(at, 1);
      seen.today = Math.max(0, seen.today - 1);
    };
    const open = openMax === null ? 0 : await countOpen(pool, request);
    if (openMax === null || open < openMax) return { giveBack };
    giveBack();
    return refuse(
      "QUEUE_LIMIT",
      `${name} has ${open} open executions, and may have ${openMax}.`,
      "Wait for some to end, or raise the limit.",
    );
  }

  async function readLimits(): Promise<void> {
    const reign = engine.status().epoch;
    const isAhead = sick.reading();
    const fresh = new Map((await loadLimits(pool)).map((row) => [row.workflowId, row]));
    const closing = await loadMaintenance(pool);
    for (const [id, row] of fresh) {
      const known = limits.get(id);
      if (known?.mark !== row.mark || known.timezone !== row.timezone) counts.forget(id);
      else if (isAhead(id)) {
        const { failures, paused, pauseReason } = known;
        Object.assign(row, { failures, paused, pauseReason });
      }
    }
    limits = fresh;
    closed = closing;
    knownEpoch = reign;
  }
}

function refuseFrozen({ reason }: { reason: string }) {
  return refuse(
    "FROZEN",
    `Nothing of this is started: it is frozen while an incident is looked into (${reason}).`,
    "Ask those who look after the incident; see /api/v1/incidents.",
  );
}

function refuse(code: string, message: string, remedy: string): { refused: StartResult } {
  return { refused: { kind: "refused", code, message, remedy } };
}

/** What runs needs the rest of the disk to be finished and recorded. */
function refuseFull(free: number): { refused: StartResult } {
  return {
    refused: {
      kind: "refused",
      code: "DISK_LIMIT",
      message: `Nothing new is started: ${(free * 100).toFixed(1)} % of the disk is free.`,
      remedy:
        "Make room on the disk of the data folder, then it goes on by itself. AURAOS_DISK_FREE_PERCENT is the limit.",
    },
  };
}
