// Lets requests to a host, and with a connection, pass at the pace that the organization set: so many at once, so many
// per period. First come, first served. Organizations without limits pay one look into a map.
//
// Invariants:
//   L1 never more than `concurrency` requests of an organization to a host, or with a connection, are under way
//   L2 in any window of `perSeconds` at most `requests` begin
//   L3 who gives up waiting (cancelled, too long) takes no place, and nothing was sent for it
//   L4 a step that speaks something else than HTTP holds its place until it ends, and holds it once
import { ActivityError, type HttpClient, type HttpStream } from "@auraos/nodes";

/** `host`: a host, or a connection as `connectionKey` writes it. */
export type Limit = { host: string; concurrency: number | null; requests: number | null; perSeconds: number };

export type HostLimiter = {
  /** Replaces all limits; who waits goes on under the new ones. */
  set(limits: readonly (Limit & { orgId: string })[]): void;
  /** The client itself when the organization has no limits. */
  http(orgId: string, client: HttpClient, by?: Caller): HttpClient;
  /** For what is not HTTP: a place until `letGo` of the same step, which may ask again meanwhile. */
  pass(orgId: string, to: { host: string; port: number }, by: Caller, signal: AbortSignal): Promise<void>;
  /** The step has ended. */
  letGo(step: object): void;
};

/** `step`: stands for one run of it. `connection`: the one that it names. */
type Caller = { step: object; connection: string | undefined };
type Target = { host: string; port: number; connection?: string | undefined };

/** No host has such a name. */
export function connectionKey(name: string): string {
  return `@${name}`;
}

const WAIT_MS_MAX = 60_000;

export function createHostLimiter(nowMs: () => number = () => performance.now()): HostLimiter {
  let gates = new Map<string, Map<string, Gate>>();
  const held = new WeakMap<object, Set<Gate>>();
  const over = new WeakSet<object>();
  return { set, http, pass, letGo };

  function set(limits: readonly (Limit & { orgId: string })[]): void {
    const before = gates;
    gates = new Map();
    for (const { orgId, ...limit } of limits) {
      const gate = before.get(orgId)?.get(limit.host) ?? createGate(nowMs);
      gate.change(limit);
      const own = gates.get(orgId) ?? new Map<string, Gate>();
      gates.set(orgId, own.set(limit.host, gate));
    }
    // A limit that was taken away holds nobody back any more.
    for (const [orgId, own] of before)
      for (const [host, gate] of own)
        if (gates.get(orgId)?.get(host) !== gate)
          gate.change({ host, concurrency: null, requests: null, perSeconds: 1 });
  }

  function http(orgId: string, client: HttpClient, by?: Caller): HttpClient {
    const own = gates.get(orgId);
    if (own === undefined) return client;
    return {
      async request(request, signal) {
        const url = URL.parse(request.url);
        const port = Number(url?.port) || (url?.protocol === "https:" ? 443 : 80);
        const here = by && held.get(by.step);
        const to = { host: url?.hostname ?? "", port, connection: by?.connection };
        const all = gatesOf(own, to).filter((gate) => !here?.has(gate));
        if (all.length === 0) return client.request(request, signal);
        const inside = new Set<Gate>();
        const leave = () => {
          for (const gate of inside) gate.leave();
        };
        let stream: HttpStream | undefined;
        try {
          await enter(all, inside, signal);
          const response = await client.request(request, signal);
          stream = response.stream;
          return response;
        } finally {
          // A body that is still being read is a call that is still open.
          if (stream) void stream.ended.then(leave);
          else leave();
        }
      },
    };
  }

  async function pass(
    orgId: string,
    to: { host: string; port: number },
    { step, connection }: Caller,
    signal: AbortSignal,
  ): Promise<void> {
    const own = gates.get(orgId);
    const all = own ? gatesOf(own, { host: to.host.toLowerCase(), port: to.port, connection }) : [];
    if (all.length === 0) return;
    const inside = held.get(step) ?? new Set();
    held.set(step, inside);
    await enter(all, inside, signal);
    // It ended while it waited (its worker was lost): nobody would give its places back.
    if (over.has(step)) letGo(step);
  }

  function letGo(step: object): void {
    over.add(step);
    const inside = held.get(step);
    if (inside === undefined) return;
    for (const gate of inside) gate.leave();
    inside.clear();
  }
}

/** The connection first, in every case: two that need both never wait for each other. */
function gatesOf(own: ReadonlyMap<string, Gate>, { host, port, connection }: Target): Gate[] {
  const ofConnection = connection === undefined ? undefined : own.get(connectionKey(connection));
  return [ofConnection, gateOf(own, host, port)].filter((gate) => gate !== undefined);
}

async function enter(all: readonly Gate[], inside: Set<Gate>, signal: AbortSignal): Promise<void> {
  for (const gate of all) {
    if (inside.has(gate)) continue;
    await gate.enter(signal);
    inside.add(gate);
  }
}

function gateOf(own: ReadonlyMap<string, Gate>, host: string, port: number): Gate | undefined {
  return own.get(`${host}:${port}`) ?? own.get(host);
}

type Gate = {
  change(limit: Limit): void;
  /** Resolves when it is this one's turn. */
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
};

type Waiting = { go: () => void };

function createGate(nowMs: () => number): Gate {
  let limit: Limit = { host: "", concurrency: null, requests: null, perSeconds: 1 };
  let inside = 0;
  /** When the last `requests` ones began, oldest first. */
  const begun: number[] = [];
  const queue: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    change(next) {
      limit = next;
      pump();
    },
    enter,
    leave() {
      inside -= 1;
      pump();
    },
  };

  function enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(gaveUp(limit.host, "cancelled"));
      const end = (why: "cancelled" | "late") => {
        const place = queue.indexOf(waiting);
        if (place >= 0) queue.splice(place, 1);
        settle();
        reject(gaveUp(limit.host, why));
      };
      const onAbort = () => end("cancelled");
      const late = setTimeout(() => end("late"), WAIT_MS_MAX);
      const settle = () => {
        clearTimeout(late);
        signal.removeEventListener("abort", onAbort);
      };
      const waiting: Waiting = {
        go() {
          settle();
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      queue.push(waiting);
      pump();
    });
  }

  function pump(): void {
    clearTimeout(timer);
    timer = undefined;
    const { concurrency, requests, perSeconds } = limit;
    while (queue.length > 0 && (concurrency === null || inside < concurrency)) {
      const now = nowMs();
      while (begun.length > 0 && (begun[0] as number) <= now - perSeconds * 1_000) begun.shift();
      if (requests !== null && begun.length >= requests) {
        timer = setTimeout(pump, Math.max(1, (begun[0] as number) + perSeconds * 1_000 - now));
        return;
      }
      if (requests !== null) begun.push(now);
      inside += 1;
      queue.shift()?.go();
    }
  }
}

function gaveUp(key: string, why: "cancelled" | "late"): ActivityError {
  const connection = key.startsWith(connectionKey("")) ? key.slice(1) : undefined;
  const to = connection === undefined ? `to ${key}` : `with the connection "${connection}"`;
  return new ActivityError(
    why === "cancelled"
      ? {
          code: "CANCELLED",
          class: "cancelled",
          message: `The step ended while it waited for its turn to make a call ${to}.`,
          certainty: "notDone",
        }
      : {
          code: connection === undefined ? "HOST_LIMIT" : "CONNECTION_LIMIT",
          class: "rateLimited",
          message: `The limit for calls ${to} left no room for a minute.`,
          remedy: `Raise the limit of the ${connection === undefined ? "host" : "connection"}, or start fewer executions at once.`,
          retryable: true,
          certainty: "notDone",
        },
  );
}
