// A worker's connection to its server over a WebSocket: comes back after every break, waiting longer each time; gives
// up only when the server says that it will never take this worker (wrong key, other version).
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ProblemDetails, ToWorker } from "@auraos/contract";
import { MESSAGE_BYTES_MAX, WORKER_PATH } from "@auraos/contract";
import { WebSocket } from "ws";
import type { Link } from "./link.ts";
import type { RunningWorker } from "./runWorker.ts";

export type ConnectOptions = { server: string; key: string; say(line: string): void; signal: AbortSignal };

export type End = { kind: "drained" } | { kind: "refused"; message: string } | { kind: "stopped" };

const BACKOFF_MS = { first: 500, most: 30_000 };
/** A connection that carries nothing, not even the answer to a ping, is broken. */
const PING_MS = 5_000;

/** Serves until it is drained, refused for good, or `signal` says to end. */
export async function serve(worker: RunningWorker, options: ConnectOptions): Promise<End> {
  const { say, signal } = options;
  let delayMs = BACKOFF_MS.first;
  for (;;) {
    const end = await once(worker, options, () => {
      delayMs = BACKOFF_MS.first;
    });
    if (end.kind !== "broken") return end;
    if (signal.aborted) return { kind: "stopped" };
    // Spread, so that many workers do not all come back in the same moment.
    const waitMs = Math.round(delayMs * (0.5 + Math.random() / 2));
    say(`${end.message} Trying again in ${(waitMs / 1000).toFixed(1)} s.`);
    await pause(waitMs, signal);
    if (signal.aborted) return { kind: "stopped" };
    delayMs = Math.min(BACKOFF_MS.most, delayMs * 2);
  }
}

function once(
  worker: RunningWorker,
  { server, key, say, signal }: ConnectOptions,
  onJoined: () => void,
): Promise<End | { kind: "broken"; message: string }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(server.replace(/^http/, "ws").replace(/\/$/, "") + WORKER_PATH, {
      headers: { authorization: `Bearer ${key}` },
      handshakeTimeout: 10_000,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    });
    let isAlive = true;
    let isDrained = false;
    const pings = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    }, PING_MS);
    const finish = (end: End | { kind: "broken"; message: string }) => {
      clearInterval(pings);
      signal.removeEventListener("abort", onAbort);
      socket.terminate();
      resolve(end);
    };
    const onAbort = () => {
      say("Finishing what runs; once more to end at once.");
      if (socket.readyState === socket.OPEN) worker.drain();
      else finish({ kind: "stopped" });
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("pong", () => {
      isAlive = true;
    });
    socket.on("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const message = refusalText(Buffer.concat(chunks), response.statusCode ?? 0, server);
        // Busy or not ready passes; a key that is refused stays refused.
        const isFinal = [400, 401, 403, 404].includes(response.statusCode ?? 0);
        finish(isFinal ? { kind: "refused", message } : { kind: "broken", message });
      });
    });
    socket.on("error", (error) =>
      finish({ kind: "broken", message: `The server at ${server} does not answer (${error.message}).` }),
    );
    socket.on("close", () => {
      if (isDrained) finish(signal.aborted ? { kind: "stopped" } : { kind: "drained" });
      else finish({ kind: "broken", message: "The connection to the server ended." });
    });
    socket.on("open", () => {
      worker.onWelcome((id) => {
        onJoined();
        say(`Connected to ${server} as ${id}.`);
      });
      worker.onRefused(({ message, remedy }) => finish({ kind: "refused", message: `${message} ${remedy}` }));
      worker.onDrained(() => {
        // Everything said before is sent before the connection ends.
        isDrained = true;
        socket.close();
      });
      worker.attach(linkOf(socket));
    });
  });
}

function linkOf(socket: WebSocket): Link {
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), () => {});
    },
    onMessage: (listen) => void socket.on("message", (data) => listen(JSON.parse(String(data)) as ToWorker)),
    onClose: (listen) => void socket.on("close", listen),
    close: () => socket.close(),
  };
}

function refusalText(body: Buffer, status: number, server: string): string {
  try {
    const { detail, remedy } = JSON.parse(body.toString("utf8")) as ProblemDetails;
    return `${detail} ${remedy}`;
  } catch {
    return `${server} answered ${status}: no AuraOS server of this kind is there.`;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export function ownVersion(): string {
  const file = join(import.meta.dirname, "../../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

export function defaultName(): string {
  return `${hostname()}-${process.pid}`.slice(0, 100);
}
