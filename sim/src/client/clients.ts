// The people and programs that use the engine: they start executions, answer what waits, decide about what is set
// aside, and interfere. What they were told is remembered, and is true for ever.
import type { Event, Item } from "@auraos/kernel";
import type { StartRequest, StartResult } from "@auraos/server/engine/engine.types.ts";
import type { Random } from "../random.ts";
import type { Plan } from "../workflows/plan.ts";
import type { Cluster } from "../world/cluster.ts";
import type { Database } from "../world/database.ts";
import type { Faults } from "../world/faults.ts";
import type { History } from "../world/history.ts";
import { EPOCH_MS } from "../world/host.ts";
import type { Timeline } from "../world/timeline.ts";
import type { Verdict } from "../world/verdict.ts";
import { answerStart, answerWait, isStale, type Memory, newMemory } from "./memory.ts";

export const ORG = "org";
export const ENV = "env";

export type Request = {
  /** Names the execution in all histories, whatever its id. */
  tag: string;
  plan: Plan;
  input: number[];
  atMs: number;
  key: string | null;
  /** Through a row in the inbox, as other processes do it. */
  byInbox: boolean;
};

/** What is said, or what one looks at each time before saying it. */
export type Said = Event | (() => Event);

export type Clients = {
  memory: Memory;
  /** Nothing is under way any more. */
  isQuiet(): boolean;
  request(request: Request): void;
  /** Gets an event to an execution, again and again until it is taken or refused. */
  tell(executionId: string, event: Said, onTaken?: (isTaken: boolean) => void): void;
  waitFor(executionId: string): void;
  /** Runs an execution again, from a step or from its beginning. */
  fork(executionId: string, node: string | undefined, repeatEffects: boolean): void;
};

type Needs = {
  timeline: Timeline;
  random: Random;
  faults: Faults;
  cluster: Cluster;
  database: Database;
  history: History;
  verdict: Verdict;
  /** `cause`: what the execution is called in all histories. */
  onStarted: (request: Request, executionId: string, cause: string) => void;
  log: (line: string) => void;
};

const GIVES_UP_MS = 6_000;
const ATTEMPTS_MAX = 400;

export function createClients(needs: Needs): Clients {
  const { timeline, random, faults, cluster, database, history, verdict } = needs;
  const memory = newMemory();
  let underWay = 0;
  let rows = 0;

  /** One call over the network: an answer, an error, or silence. */
  function ask<T>(call: (machine: NonNullable<ReturnType<Cluster["leader"]>>) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const silence = timeline.after(GIVES_UP_MS, () => reject(new Error("no answer")));
      const machine = cluster.leader();
      if (machine === undefined) return;
      const isLost = random.chance(faults.lostAnswer);
      const answered = (act: () => void): void => {
        if (isLost || !machine.host.isAlive) return;
        timeline.after(random.int(3), () => {
          silence();
          act();
        });
      };
      machine.host.arrive(random.int(3), () => {
        call(machine).then(
          (value) => answered(() => resolve(value)),
          (error) => answered(() => reject(error)),
        );
      });
    });
  }

  function request(asked: Request, hash = "same", attempt = 0): void {
    if (attempt === 0) underWay++;
    const body = startRequest(asked, hash);
    const done = (): void => {
      underWay--;
    };
    const again = (): void => {
      if (asked.key === null || attempt >= ATTEMPTS_MAX) return done();
      timeline.after(random.between(200, 1_500), () => request(asked, hash, attempt + 1));
    };
    ask(async (machine) => {
      const result = await machine.engine.start(body);
      answerStart(memory, { history, database, verdict }, asked, hash, result);
      return result;
    }).then(
      (result: StartResult) => {
        if (result.kind === "refused" && result.code === "CONCURRENCY_LIMIT") return done();
        if (result.kind === "started" || result.kind === "existing")
          needs.onStarted(asked, result.executionId, causeOf(asked, hash));
        done();
      },
      (error: { code?: string }) => {
        // Nothing was written, so it may be sent again without a key too.
        if (error.code === "NOT_LEADING" && attempt < ATTEMPTS_MAX)
          timeline.after(random.between(200, 1_500), () => request(asked, hash, attempt + 1));
        else again();
      },
    );
  }

  function later(delayMsMax: number, act: () => void): void {
    underWay++;
    timeline.after(random.int(delayMsMax), () => {
      underWay--;
      act();
    });
  }

  function requestByInbox(asked: Request): void {
    const executionId = `${(EPOCH_MS + timeline.now()).toString(16).padStart(12, "0")}-inbox-${++rows}`;
    const row = {
      id: `row-${rows}`,
      orgId: ORG,
      executionId,
      kind: "start",
      atMs: EPOCH_MS + timeline.now(),
    };
    const body = Buffer.from(JSON.stringify(startRequest({ ...asked, key: null }, "same")));
    database.store.putInbox({ ...row, body, dedupeKey: null });
    memory.rows.set(row.id, { executionId, tag: asked.tag });
    needs.onStarted(asked, executionId, asked.tag);
  }

  function tell(executionId: string, said: Said, onTaken?: (isTaken: boolean) => void, attempt = 0): void {
    const event = typeof said === "function" ? said() : said;
    if (attempt === 0) underWay++;
    if (attempt === 0 && event.type === "SignalReceived" && random.chance(0.25)) {
      tellByInbox(executionId, event);
      underWay--;
      return onTaken?.(true);
    }
    const again = (): void => {
      if (attempt < ATTEMPTS_MAX) {
        timeline.after(random.between(100, 1_500), () => tell(executionId, said, onTaken, attempt + 1));
        return;
      }
      underWay--;
      onTaken?.(false);
    };
    ask(async (machine) => {
      const result = await machine.engine.deliver(executionId, event);
      answerWait(memory, { history, database, verdict }, executionId, event, result);
      return result;
    }).then(
      (result) => {
        const record = history.executions.get(executionId);
        const isUnborn =
          record === undefined && result.kind === "refused" && result.code === "UNKNOWN_EXECUTION";
        if (isUnborn || (result.kind === "refused" && isStale(record, event, result.code))) return again();
        underWay--;
        onTaken?.(result.kind === "accepted");
      },
      (error: { code?: string }) => {
        if (error.code !== "PARKED") return again();
        underWay--;
        onTaken?.(false);
      },
    );
  }

  function tellByInbox(executionId: string, event: Event & { type: "SignalReceived" }): void {
    const row = {
      id: `row-${++rows}`,
      orgId: ORG,
      executionId,
      kind: "event",
      atMs: EPOCH_MS + timeline.now(),
    };
    const body = Buffer.from(JSON.stringify(event));
    database.store.putInbox({ ...row, body, dedupeKey: `${executionId} ${event.id}` });
    memory.rows.set(row.id, { executionId, tag: "" });
    memory.signals.push({ executionId, id: event.id, name: event.name });
  }

  function waitFor(executionId: string): void {
    ask(async (machine) => {
      const settled = await machine.engine.waitFor(executionId, random.between(500, GIVES_UP_MS - 500));
      memory.settled(verdict, history, executionId, settled);
    }).catch(() => {});
  }

  function fork(executionId: string, node: string | undefined, repeatEffects: boolean, attempt = 0): void {
    if (attempt === 0) underWay++;
    const asked = { orgId: ORG, executionId, repeatEffects, ...(node === undefined ? {} : { node }) };
    ask(async (machine) => {
      const result = await machine.engine.fork(asked);
      if (result.kind !== "started") return;
      if (!history.executions.has(result.executionId))
        verdict.lost(
          "start-before-commit",
          `the fork ${result.executionId} was acknowledged before it was durable`,
        );
      memory.started.set(`fork of ${executionId}`, new Set([result.executionId]));
    }).then(
      () => {
        underWay--;
      },
      (error: { code?: string }) => {
        if (error.code === "NOT_LEADING" && attempt < ATTEMPTS_MAX)
          timeline.after(random.between(200, 1_500), () =>
            fork(executionId, node, repeatEffects, attempt + 1),
          );
        else underWay--;
      },
    );
  }

  return {
    memory,
    isQuiet: () => underWay === 0,
    request: (asked) => {
      if (asked.byInbox) return requestByInbox(asked);
      request(asked);
      if (asked.key === null) return;
      // The same again, at once or later, and somebody else with the same key.
      if (random.chance(0.3)) later(5_000, () => request(asked));
      if (random.chance(0.05)) later(8_000, () => request(asked, "other"));
    },
    tell: (executionId, event, onTaken) => tell(executionId, event, onTaken),
    waitFor,
    fork: (executionId, node, repeatEffects) => fork(executionId, node, repeatEffects),
  };
}

function causeOf(asked: Request, hash: string): string {
  return hash === "same" ? asked.tag : `${asked.tag}!`;
}

function startRequest(asked: Request, hash: string): StartRequest {
  const { plan } = asked;
  return {
    orgId: ORG,
    envId: ENV,
    workflowId: plan.name,
    workflowName: plan.name,
    versionId: plan.name,
    mode: "production",
    items: asked.input.map((n): Item => ({ json: { n } })),
    cause: causeOf(asked, hash),
    ...(asked.key === null ? {} : { key: { key: asked.key, requestHash: hash, ttlMs: 86_400_000 } }),
  };
}
