// One engine's way to the storage: the Store port over a network on which calls are slow, are refused, or lose their
// answer, and at whose edges the engine dies: before the call leaves, while it is on the wire, after it was carried
// out and before the answer arrives.
import type { Payloads, Versions } from "@auraos/server/engine/engine.types.ts";
import { type Store, StoreError } from "@auraos/server/engine/store.ts";
import type { Random } from "../random.ts";
import type { Answer, Database } from "./database.ts";
import type { Faults } from "./faults.ts";
import type { Host } from "./host.ts";
import type { Timeline } from "./timeline.ts";

export type Connection = { store: Store; payloads: Payloads; versions: Versions };

type Needs = {
  timeline: Timeline;
  database: Database;
  faults: Faults;
  random: Random;
  host: Host;
  blobs: Map<string, Uint8Array>;
  versions: Versions;
  crash: (host: Host) => void;
};

type Kind = "read" | "lease" | "flush" | "write";
type Edge = "none" | "before" | "onTheWire" | "beforeAnswer";

/** After a break in the connection the server may still be at work on what it was sent. */
const LATE_MS = 2_000;

export function connect(needs: Needs): Connection {
  const { timeline, database, faults, random, host, blobs } = needs;
  const { store } = database;

  function call<T>(kind: Kind, work: (answer: Answer<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const edge = drawEdge();
      if (edge === "before") return needs.crash(host);
      const fault = drawFault(kind);
      if (fault !== "ok" && fault !== "unknownOutcome") {
        host.arrive(latency() * 2, () => reject(new StoreError(fault, "the storage does not take this now")));
        return;
      }
      let isAnswered = false;
      const send = (delayMs: number): void => {
        timeline.after(delayMs, () =>
          work((result) => {
            if (edge === "beforeAnswer" && host.isAlive) return needs.crash(host);
            if (isAnswered) return;
            host.arrive(latency(), () => (result instanceof Error ? reject(result) : resolve(result)));
          }),
        );
      };
      if (fault === "unknownOutcome") {
        isAnswered = true;
        if (random.chance(0.7)) send(random.chance(0.5) ? latency() : random.int(LATE_MS));
        host.arrive(random.int(500), () =>
          reject(new StoreError("unknownOutcome", "the connection broke while the storage was at work")),
        );
        return;
      }
      if (edge === "onTheWire") {
        if (random.chance(0.6)) send(latency());
        return needs.crash(host);
      }
      send(latency());
    });
  }

  function drawEdge(): Edge {
    if (!random.chance(faults.crashPerCall)) return "none";
    return random.pick(["before", "onTheWire", "beforeAnswer"]);
  }

  function drawFault(kind: Kind): "ok" | "unavailable" | "unknownOutcome" | "full" {
    const now = timeline.now();
    if (faults.outages.some(([from, to]) => from <= now && now < to)) return "unavailable";
    if (random.chance(faults.unavailable)) return "unavailable";
    if (kind !== "read" && random.chance(faults.unknownOutcome)) return "unknownOutcome";
    if (kind === "flush" && random.chance(faults.full)) return "full";
    return "ok";
  }

  function latency(): number {
    if (random.chance(faults.slow)) return random.int(2_500);
    return faults.latencyMs === 0 ? 0 : random.int(faults.latencyMs + 1);
  }

  /** Carried out at once when it reaches the server. */
  function plain<T>(kind: Kind, work: () => Promise<T>): Promise<T> {
    return call<T>(kind, (answer) => {
      work().then(answer, answer);
    });
  }

  return {
    store: {
      acquire: (holder, options) => call("lease", (answer) => database.acquire(holder, options, answer)),
      renew: (epoch, leaseMs) => plain("lease", () => store.renew(epoch, leaseMs)),
      release: (epoch) => plain("lease", () => store.release(epoch)),
      holder: () => plain("read", () => store.holder()),
      flush: (epoch, batch) => call("flush", (answer) => database.flush(epoch, batch, latency(), answer)),
      lastSeqs: (ids) => plain("read", () => store.lastSeqs(ids)),
      load: (ids, options) => plain("read", () => store.load(ids, options)),
      dueExecutions: (nowMs, limit, after) => plain("read", () => store.dueExecutions(nowMs, limit, after)),
      runningExecutions: (after, limit) => plain("read", () => store.runningExecutions(after, limit)),
      nextWake: (nowMs) => plain("read", () => store.nextWake(nowMs)),
      findStartKeys: (keys) => plain("read", () => store.findStartKeys(keys)),
      inbox: (limit) => plain("read", () => store.inbox(limit)),
      findInbox: (orgId, key) => plain("read", () => store.findInbox(orgId, key)),
      putInbox: (row) => plain("write", () => store.putInbox(row)),
      putSnapshot: (epoch, row) => plain("write", () => store.putSnapshot(epoch, row)),
      openCount: (orgId) => plain("read", () => store.openCount(orgId)),
      openExecutions: (orgId, workflowId, key) =>
        plain("read", () => store.openExecutions?.(orgId, workflowId, key) ?? Promise.resolve([])),
      close: async () => {},
    },
    payloads: {
      put: (_about, bytes) =>
        plain("read", async () => {
          const id = `blob-${blobs.size}`;
          blobs.set(id, bytes.slice());
          return id;
        }),
      get: (id) => plain("read", async () => blobs.get(id) ?? new Uint8Array()),
    },
    versions: {
      definition: (versionId) => plain("read", () => needs.versions.definition(versionId)),
      published: (orgId, workflow) => plain("read", () => needs.versions.published(orgId, workflow)),
    },
  };
}
