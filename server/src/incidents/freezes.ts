// What is frozen, as every start and every step asks: from memory, read anew when somebody here freezes something and every few
// seconds, for what another server froze.
//
//   start      refused with FROZEN, by the guard of starts (maintenance/guardStarts.ts)
//   step       does not run: it is held, and fails before its time is up as certainly not done
//   execution  paused by the process that leads; also what another workflow began for it, and what began at that moment
//
// Lifting lets those go on that the freeze paused, and no others.
import type { Failure, RunActivity } from "@auraos/kernel";
import type { ActivityRunner, Engine } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import {
  type FreezeRow,
  forgetHeld,
  listFreezesOfAll,
  listHeldToResume,
  listToPause,
  noteHeld,
} from "./freezeStore.ts";

export type Freezes = {
  of(orgId: string, workflowId: string): { reason: string } | undefined;
  isAny(orgId: string): boolean;
  /** Somebody froze or lifted something; when it resolves, starts and steps here know. */
  reload(): Promise<void>;
  /** Pauses and resumes what follows from it; in the process that leads. */
  settle(): Promise<void>;
  runner(inner: ActivityRunner): ActivityRunner;
  attach(engine: Pick<Engine, "deliver" | "status">): void;
  stop(): Promise<void>;
};

const RELOAD_MS = 5_000;
/** A held step fails this long before its own limit, so that nobody has to guess whether it happened. */
const MARGIN_MS = 500;
const HOLD_MS_MAX = 20_000;
const AT_ONCE = 200;
const BY = "freeze";

export function createFreezes(options: { pool: Pool; log: Log }): Freezes {
  const { pool, log } = options;
  let frozen = new Map<string, FreezeRow>();
  let engine: Pick<Engine, "deliver" | "status"> | undefined;
  const held = new Set<() => void>();
  let settling: Promise<void> | undefined;
  let isOver = false;
  let timer = arm();
  return {
    of,
    isAny: (orgId) => frozen.size > 0 && [...frozen.values()].some((one) => one.orgId === orgId),
    reload,
    settle,
    runner: (inner) => ({
      ...inner,
      run: (activity, about, signal, record) =>
        frozen.size > 0 && activity.effect !== "pure" && of(about.orgId, about.workflowId) !== undefined
          ? hold(activity, about, signal).then(
              (failure) => failure ?? inner.run(activity, about, signal, record),
            )
          : inner.run(activity, about, signal, record),
    }),
    attach: (given) => {
      engine = given;
    },
    async stop() {
      isOver = true;
      clearTimeout(timer);
      for (const letGo of held) letGo();
      await settling;
    },
  };

  function of(orgId: string, workflowId: string): FreezeRow | undefined {
    if (frozen.size === 0) return undefined;
    return frozen.get(orgId) ?? frozen.get(`${orgId} ${workflowId}`);
  }

  async function reload(): Promise<void> {
    const rows = await listFreezesOfAll(pool);
    const before = frozen;
    frozen = new Map(
      rows.map((row) => [row.workflowId === null ? row.orgId : `${row.orgId} ${row.workflowId}`, row]),
    );
    if ([...before.keys()].some((key) => !frozen.has(key))) for (const letGo of held) letGo();
  }

  function arm(): NodeJS.Timeout {
    return setTimeout(async () => {
      try {
        await reload();
        await settle();
      } catch (error) {
        log("warn", "what is frozen could not be read", { error });
      }
      if (!isOver) timer = arm();
    }, RELOAD_MS).unref();
  }

  function settle(): Promise<void> {
    settling ??= settleAll().finally(() => {
      settling = undefined;
    });
    return settling;
  }

  async function settleAll(): Promise<void> {
    if (engine?.status().state !== "leading") return;
    for (const freeze of frozen.values()) await pauseAll(freeze);
    await resumeLifted();
  }

  async function pauseAll(freeze: FreezeRow): Promise<void> {
    for (let after: string | null = null; ; ) {
      const ids: string[] = await listToPause(pool, freeze, { after, limit: AT_ONCE });
      // Written first: a pause that nobody remembers would never end.
      await noteHeld(pool, freeze, ids);
      await Promise.all(ids.map((id) => tell(id, "PauseRequested")));
      if (ids.length < AT_ONCE || isOver) return;
      after = ids.at(-1) ?? null;
    }
  }

  async function resumeLifted(): Promise<void> {
    for (;;) {
      const rows = await listHeldToResume(pool, AT_ONCE);
      if (rows.length === 0 || isOver) return;
      await Promise.all(rows.map(({ executionId }) => tell(executionId, "ResumeRequested")));
      await forgetHeld(pool, rows);
    }
  }

  /** One that has ended meanwhile needs nothing. */
  async function tell(id: string, type: "PauseRequested" | "ResumeRequested"): Promise<void> {
    await engine?.deliver(id, { type, by: BY });
  }

  /** Undefined = it may run after all. */
  async function hold(
    activity: RunActivity,
    about: { orgId: string; workflowId: string },
    signal: AbortSignal,
  ): Promise<{ kind: "failed"; failure: Failure } | undefined> {
    const untilMs = performance.now() + Math.min(HOLD_MS_MAX, activity.timeoutMs - MARGIN_MS);
    while (!isOver && !signal.aborted && of(about.orgId, about.workflowId) !== undefined) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) break;
      await waitFor(leftMs, signal);
    }
    if (!signal.aborted && !isOver && of(about.orgId, about.workflowId) === undefined) return undefined;
    return { kind: "failed", failure: notSent(of(about.orgId, about.workflowId)) };
  }

  function waitFor(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(limit);
        held.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const limit = setTimeout(end, ms);
      held.add(end);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

function notSent(freeze: FreezeRow | undefined): Failure {
  return {
    code: "FROZEN",
    class: "server",
    message: `The step was not sent: the workflow is frozen while an incident is looked into (${freeze?.reason ?? ""}).`,
    remedy: "Run it again once the freeze is lifted.",
    retryable: true,
    certainty: "notDone",
  };
}
