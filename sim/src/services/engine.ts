// The engine as those who start executions know it: a start with a key is one execution for ever, what is acknowledged is
// durable, who was deposed starts nothing, turns are told after their commit, and only to who leads. How it keeps these
// promises is the business of the engine's own simulation; here they are taken for granted, and its troubles are played:
// late and lost answers, refusals, takeovers, ends while nobody looks.
import type { Event, Fact, FinalStatus } from "@auraos/kernel";
import type {
  CommittedTurn,
  DeliverResult,
  Engine,
  EngineStatus,
  Settled,
  StartRequest,
  StartResult,
} from "@auraos/server/engine/engine.types.ts";
import type { Random } from "../random.ts";
import type { Host } from "../world/host.ts";
import type { Timeline } from "../world/timeline.ts";
import type { ServiceDatabase } from "./database.ts";

export type ServiceEngine = Pick<Engine, "start" | "deliver" | "subscribe" | "status" | "waitFor">;

export type Execution = {
  id: string;
  request: StartRequest;
  /** Of the world: when it was durable, and when it ended. */
  startMs: number;
  endMs: number | null;
  /** On the clock of the machine. */
  askedWallMs: number;
  startWallMs: number;
  endWallMs: number | null;
  status: FinalStatus | null;
  /** Its open wait, by name. */
  waitsFor: string | null;
  waitWallMs: number;
  answers: { id: string; payload: unknown; wallMs: number }[];
};

export type EngineFaults = {
  /** Shares of starts. */
  refused: number;
  startLostBefore: number;
  startLostAfter: number;
  crashAtStart: number;
  latencyMs: number;
  failing: number;
  /** Share of executions that last for seconds. */
  long: number;
  instant: number;
};

export type EngineWorld = {
  executions: Execution[];
  byKey: Map<string, Execution>;
  /** Takes the lease; the one before notices later. */
  takeOver(host: Host): ServiceEngine;
  leaves(host: Host): void;
  leader(): { host: Host; epoch: number } | null;
  takeovers(): { epoch: number; atMs: number }[];
  /** Starts are refused in general: maintenance. */
  setMaintenance(isOn: boolean): void;
};

const NOTICED_MS = 2_500;
const RETRY_MS = 40;

type Seat = { host: Host; epoch: number; isDeposed: boolean; listeners: Set<(turn: CommittedTurn) => void> };

export function createEngineWorld(parts: {
  database: ServiceDatabase;
  timeline: Timeline;
  random: Random;
  faults: EngineFaults;
  wallMs: () => number;
  newId: () => string;
  crash: (host: Host) => void;
  say: (line: string) => void;
  /** What a workflow does: it waits for an event, or it only takes its time. */
  waitOf: (request: StartRequest) => string | null;
}): EngineWorld {
  const { database, timeline, random, faults, wallMs } = parts;
  const executions: Execution[] = [];
  const byKey = new Map<string, Execution>();
  const byId = new Map<string, Execution>();
  const taken: { epoch: number; atMs: number }[] = [];
  const waiters = new Map<string, ((settled: Settled) => void)[]>();
  let seat: Seat | null = null;
  let epoch = 0;
  let offset = 0;
  let isMaintained = false;
  const latency = (): number => random.int(faults.latencyMs + 1);

  /** Rows that others look at: one statement, and the world waits for it. */
  function write(text: string, values: unknown[]): void {
    timeline.hold(database.admin(text, values));
  }

  function tell(execution: Execution, facts: Fact[], seq: number): void {
    const { id, request, status } = execution;
    const turn: CommittedTurn = {
      ...{ offset: offset++, orgId: request.orgId, workflowId: request.workflowId, executionId: id },
      ...{ seq, atMs: wallMs(), facts, status: status ?? "running" },
    };
    parts.say(`${id} (${request.key?.key}) ${facts.map(({ t }) => t).join()} ${status ?? ""}`);
    if (seat?.host.isAlive) for (const listener of seat.listeners) listener(turn);
  }

  function started(request: StartRequest): Fact {
    return {
      t: "ExecutionStarted",
      start: { actor: request.actor },
      items: request.items,
    } as unknown as Fact;
  }

  function ended(status: FinalStatus): Fact {
    const failure =
      status === "failed" ? { code: "BROKEN", class: "server", message: "It broke." } : undefined;
    return { t: "ExecutionFinished", status, ...(failure ? { failure } : {}) } as unknown as Fact;
  }

  function commit(request: StartRequest, askedWallMs: number): Execution {
    const id = parts.newId();
    const isInstant = random.chance(faults.instant);
    const waitsFor = parts.waitOf(request);
    const made: Execution = {
      ...{ id, request, startMs: timeline.now(), startWallMs: wallMs(), askedWallMs },
      ...{ endMs: null, endWallMs: null, status: null, waitsFor, waitWallMs: wallMs(), answers: [] },
    };
    executions.push(made);
    byId.set(id, made);
    if (request.key) byKey.set(`${request.orgId} ${request.key.key}`, made);
    const isOver = isInstant && waitsFor === null;
    if (isOver) close(made, statusOf());
    write(
      `WITH e AS (INSERT INTO workflow_executions (id, workflow_id, org_id, env_id, version_id, status, cause, actor,
           started_at, completed_at, error_code, error_message)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000), to_timestamp($10::float8 / 1000), $11, $11)),
       k AS (INSERT INTO start_keys (org_id, workflow_id, env_id, key, execution_id, request_hash, expires_at)
         SELECT $3, $2, $4, $13, $1, $14, to_timestamp($15::float8 / 1000) WHERE $13::text IS NOT NULL
         ON CONFLICT (org_id, workflow_id, env_id, key) DO UPDATE SET execution_id = EXCLUDED.execution_id,
           request_hash = EXCLUDED.request_hash, expires_at = EXCLUDED.expires_at),
       w AS (INSERT INTO waits (execution_id, wait, org_id, run, kind, title, opened_at)
         SELECT $1, 'w', $3, 'wait', 'signal', $12, to_timestamp($9::float8 / 1000) WHERE $12::text IS NOT NULL)
       INSERT INTO open_executions (execution_id, org_id, workflow_id, status) SELECT $1, $3, $2, 'running' WHERE $10::float8 IS NULL`,
      [
        ...[id, request.workflowId, request.orgId, request.envId, request.versionId],
        ...[made.status ?? "running", request.cause ?? null, request.actor ?? null, made.startWallMs],
        ...[made.endWallMs, made.status === "failed" ? "BROKEN" : null, waitsFor],
        ...[
          request.key?.key ?? null,
          request.key?.requestHash ?? null,
          made.startWallMs + (request.key?.ttlMs ?? 0),
        ],
      ],
    );
    const facts = [started(request)];
    if (waitsFor !== null)
      facts.push({
        t: "WaitOpened",
        wait: "w",
        run: "wait",
        kind: "signal",
        signal: waitsFor,
      } as unknown as Fact);
    if (made.status !== null) facts.push(ended(made.status));
    tell(made, facts, 1);
    if (made.status === null && waitsFor === null) endLater(made, lasts());
    return made;
  }

  const statusOf = (): FinalStatus => (random.chance(faults.failing) ? "failed" : "succeeded");
  const lasts = (): number =>
    random.chance(faults.long) ? random.between(800, 6_000) : random.between(1, 250);

  /** An end needs an engine that leads; without one it comes when there is one again. */
  function endLater(execution: Execution, delayMs: number, status?: FinalStatus): void {
    timeline.after(delayMs, () => {
      if (execution.status !== null) return;
      if (!seat?.host.isAlive) return endLater(execution, RETRY_MS, status);
      close(execution, status ?? statusOf());
      writeEnd(execution);
      tell(execution, [ended(execution.status ?? "succeeded")], 2);
      settle(execution);
    });
  }

  function close(execution: Execution, status: FinalStatus): void {
    Object.assign(execution, { status, endMs: timeline.now(), endWallMs: wallMs() });
  }

  function writeEnd(execution: Execution): void {
    const isFailed = execution.status === "failed";
    write(
      `WITH o AS (DELETE FROM open_executions WHERE execution_id = $1),
         w AS (UPDATE waits SET closed_at = to_timestamp($3::float8 / 1000) WHERE execution_id = $1)
       UPDATE workflow_executions SET status = $2, completed_at = to_timestamp($3::float8 / 1000), error_code = $4, error_message = $4
       WHERE id = $1`,
      [execution.id, execution.status, execution.endWallMs, isFailed ? "BROKEN" : null],
    );
  }

  function settledOf({ status }: Execution): Settled {
    const failure = { code: "BROKEN", class: "server", message: "It broke.", retryable: true };
    return {
      kind: "finished",
      status: status ?? "succeeded",
      ...(status === "failed" ? { failure } : { output: { done: true } }),
    } as Settled;
  }

  function settle(execution: Execution): void {
    for (const resolve of waiters.get(execution.id) ?? []) resolve(settledOf(execution));
    waiters.delete(execution.id);
  }

  function notLeading(): Error {
    return Object.assign(new Error("This process does not lead."), { code: "NOT_LEADING" });
  }

  function start(mine: Seat, request: StartRequest): Promise<StartResult> {
    const askedWallMs = wallMs();
    return new Promise((resolve, reject) => {
      const { host } = mine;
      const back = (act: () => void): void => void host.arrive(latency(), act);
      if (!host.isAlive) return;
      timeline.after(latency(), () => {
        if (!host.isAlive) return;
        if (seat !== mine || mine.isDeposed || random.chance(faults.startLostBefore))
          return back(() => reject(notLeading()));
        const known = request.key && byKey.get(`${request.orgId} ${request.key.key}`);
        if (!known && (isMaintained || random.chance(faults.refused)))
          return back(() => resolve(refusal(isMaintained)));
        const execution = known ?? commit(request, askedWallMs);
        if (random.chance(faults.crashAtStart)) return parts.crash(host);
        if (random.chance(faults.startLostAfter)) return back(() => reject(notLeading()));
        back(() => resolve({ kind: known ? "existing" : "started", executionId: execution.id }));
      });
    });
  }

  function deliver(mine: Seat, executionId: string, event: Event): Promise<DeliverResult> {
    return new Promise((resolve, reject) => {
      const back = (act: () => void): void => void mine.host.arrive(latency(), act);
      timeline.after(latency(), () => {
        if (!mine.host.isAlive) return;
        if (seat !== mine) return back(() => reject(notLeading()));
        const execution = byId.get(executionId);
        if (!execution) return back(() => resolve({ kind: "refused", code: "UNKNOWN_EXECUTION" }));
        if (execution.status !== null) return back(() => resolve({ kind: "refused", code: "CLOSED" }));
        if (event.type === "CancelRequested") endLater(execution, random.between(0, 400), "cancelled");
        if (event.type === "TerminateRequested") endLater(execution, 0, "terminated");
        if (event.type === "SignalReceived" && execution.waitsFor === event.name) {
          execution.answers.push({ id: event.id, payload: event.payload, wallMs: wallMs() });
          execution.waitsFor = null;
          tell(execution, [{ t: "WaitClosed", wait: "w", by: "signal" } as unknown as Fact], 2);
          endLater(execution, random.between(1, 100), "succeeded");
        }
        back(() => resolve({ kind: "accepted" }));
      });
    });
  }

  function waitFor(mine: Seat, executionId: string): Promise<Settled> {
    return new Promise((resolve) => {
      const answer = (settled: Settled): void => void mine.host.arrive(latency(), () => resolve(settled));
      const execution = byId.get(executionId);
      if (execution === undefined) return;
      if (execution.status !== null) return answer(settledOf(execution));
      waiters.set(executionId, [...(waiters.get(executionId) ?? []), answer]);
    });
  }

  return {
    executions,
    byKey,
    leader: () => seat && { host: seat.host, epoch: seat.epoch },
    takeovers: () => taken,
    setMaintenance: (isOn) => {
      isMaintained = isOn;
    },
    leaves: (host) => {
      if (seat?.host === host) seat = null;
    },
    takeOver(host) {
      epoch += 1;
      const before = seat;
      const mine: Seat = { host, epoch, isDeposed: false, listeners: new Set() };
      seat = mine;
      taken.push({ epoch, atMs: timeline.now() });
      write("UPDATE engine_lease SET epoch = $1 WHERE id = 1", [epoch]);
      // Nobody tells it; it finds out when its lease is not renewed.
      if (before)
        before.host.arrive(random.int(NOTICED_MS), () => {
          before.isDeposed = true;
        });
      const status = (): EngineStatus => ({
        state: mine.isDeposed ? "standby" : "leading",
        epoch: mine.isDeposed ? null : mine.epoch,
        ...{ executionsInMemory: 0, activitiesRunning: 0, flushes: 0, turns: 0, offset },
      });
      return {
        start: (request) => start(mine, request),
        deliver: (executionId, event) => deliver(mine, executionId, event),
        waitFor: (executionId) => waitFor(mine, executionId),
        subscribe: (listener) => {
          mine.listeners.add(listener);
          return () => void mine.listeners.delete(listener);
        },
        status,
      };
    },
  };
}

function refusal(isMaintained: boolean): StartResult {
  return isMaintained
    ? { kind: "refused", code: "MAINTENANCE", message: "Maintenance.", remedy: "Later." }
    : { kind: "refused", code: "BUSY", message: "Too much to do.", remedy: "Again." };
}
