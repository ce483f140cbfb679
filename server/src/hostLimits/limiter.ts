// Lets requests to a host pass at the pace that the organization set for it: so many at once, so many per period. First
// come, first served. Organizations without limits pay one look into a map.
//
// Invariants:
//   L1 never more than `concurrency` requests of an organization to a host are under way
//   L2 in any window of `perSeconds` at most `requests` begin
//   L3 who gives up waiting (cancelled, too long) takes no place, and nothing was sent for it
import { ActivityError, type HttpClient } from "@auraos/nodes";

export type Limit = { host: string; concurrency: number | null; requests: number | null; perSeconds: number };

export type HostLimiter = {
  /** Replaces all limits; who waits goes on under the new ones. */
  set(limits: readonly (Limit & { orgId: string })[]): void;
  /** The client itself when the organization has no limits. */
  http(orgId: string, client: HttpClient): HttpClient;
  /** For connections that are not HTTP: their pace only. */
  pass(orgId: string, host: string, port: number, signal: AbortSignal): Promise<void>;
};

const WAIT_MS_MAX = 60_000;

export function createHostLimiter(nowMs: () => number = () => performance.now()): HostLimiter {
  let gates = new Map<string, Map<string, Gate>>();
  return { set, http, pass };

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

  function http(orgId: string, client: HttpClient): HttpClient {
    const own = gates.get(orgId);
    if (own === undefined) return client;
    return {
      async request(request, signal) {
        const url = URL.parse(request.url);
        const gate =
          url && gateOf(own, url.hostname, Number(url.port) || (url.protocol === "https:" ? 443 : 80));
        if (!gate) return client.request(request, signal);
        await gate.enter(signal);
        try {
          return await client.request(request, signal);
        } finally {
          gate.leave();
        }
      },
    };
  }

  async function pass(orgId: string, host: string, port: number, signal: AbortSignal): Promise<void> {
    const own = gates.get(orgId);
    const gate = own && gateOf(own, host.toLowerCase(), port);
    if (!gate) return;
    await gate.enter(signal);
    gate.leave();
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

function gaveUp(host: string, why: "cancelled" | "late"): ActivityError {
  return new ActivityError(
    why === "cancelled"
      ? {
          code: "CANCELLED",
          class: "cancelled",
          message: `The step ended while it waited for its turn to call ${host}.`,
          certainty: "notDone",
        }
      : {
          code: "HOST_LIMIT",
          class: "rateLimited",
          message: `The limit for calls to ${host} left no room for a minute.`,
          remedy: "Raise the limit of the host, or start fewer executions at once.",
          retryable: true,
          certainty: "notDone",
        },
  );
}
