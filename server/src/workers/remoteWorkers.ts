// Lets workers of other machines join over a WebSocket. Refused before anything is said: a wrong key (401), a key
// without the right to be a worker (403), a browser page (403). After the greeting: another release or protocol.
//
// A worker serves the organization of its key and no other. The server trusts what it says as far as the schema goes:
// each message is checked, and an outcome counts only for a task that this worker holds.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { fromWorker, MESSAGE_BYTES_MAX, PROTOCOL, WORKER_PATH, type WorkerHello } from "@auraos/contract";
import { type WebSocket, WebSocketServer } from "ws";
import type { Deps } from "../deps.ts";
import { asRefusal, problemDetailsOf, refuse } from "../platform/errors.ts";
import { type Caller, demand } from "../platform/http.ts";
import { textOf } from "./message.ts";
import type { Channel, PoolWorker } from "./pool.types.ts";

/** Time for the greeting after the connection stands. */
const HELLO_WITHIN_MS = 10_000;
const CLOSE_REFUSED = 4400;

export function attachWorkers(http: Server, deps: Deps): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (URL.parse(request.url ?? "/", "http://server")?.pathname !== WORKER_PATH) return;
    socket.on("error", () => {});
    admit(deps, request).then(
      (caller) => sockets.handleUpgrade(request, socket, head, (one) => greet(deps, one, caller)),
      (error: unknown) => answerRefusal(deps, socket, error),
    );
  };
  http.on("upgrade", onUpgrade);
  return {
    close() {
      http.off("upgrade", onUpgrade);
      // They come back by themselves when there is a server again.
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

async function admit(deps: Deps, request: IncomingMessage): Promise<Caller> {
  if (request.headers.origin !== undefined)
    throw refuse(
      403,
      "NOT_A_WORKER",
      "Web pages cannot be workers.",
      "Run `auraos worker --server URL --key KEY`.",
    );
  const caller = await deps.keys.callerOf(request.headers.authorization, deps.identity.clientOf(request));
  demand(caller, "worker.connect");
  return caller;
}

function answerRefusal({ log }: Deps, socket: Duplex, error: unknown): void {
  const refusal = asRefusal(error) ?? refuse(503, "NOT_AVAILABLE", "The key could not be checked.", "Wait.");
  if (asRefusal(error) === undefined) log("error", "a worker's key could not be checked", { error });
  else log("warn", "a worker was refused", { code: refusal.code });
  const body = JSON.stringify(problemDetailsOf(refusal, ""));
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\ncontent-type: application/problem+json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function greet(deps: Deps, socket: WebSocket, caller: Caller): void {
  const { log } = deps;
  const { pool } = deps.workers;
  const channel = channelOf(socket);
  let worker: PoolWorker | null = null;
  const late = setTimeout(() => socket.terminate(), HELLO_WITHIN_MS);
  socket.on("message", (data) => {
    const message = read(String(data));
    if (message === undefined) {
      log("warn", "a worker said something that is not understood and is let go", { actor: caller.actor });
      return socket.terminate();
    }
    if (message.type !== "hello") return void (worker && pool.hear(worker, message));
    clearTimeout(late);
    if (worker !== null) return;
    const why = unfit(message, deps.version);
    if (why !== null) {
      log("warn", "a worker was refused", { worker: message.name, code: why.code });
      channel.send({ type: "refused", ...why });
      return socket.close(CLOSE_REFUSED, why.code);
    }
    worker = pool.join(channel, message, { kind: "remote", orgId: caller.orgId });
  });
  socket.on("error", (error) => log("debug", "a worker's connection broke", { error }));
  socket.on("close", () => {
    clearTimeout(late);
    if (worker !== null) pool.leave(worker);
  });
}

function read(text: string) {
  try {
    return fromWorker.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function unfit(
  { protocol, version }: WorkerHello,
  own: string,
): { code: string; message: string; remedy: string } | null {
  if (protocol === PROTOCOL && version === own) return null;
  return {
    code: "WORKER_VERSION",
    message: `This worker is version ${version}, the server is version ${own}; they must be the same, because both run the node types.`,
    remedy: `Install version ${own} on the worker's machine.`,
  };
}

function channelOf(socket: WebSocket): Channel {
  return {
    send(message) {
      const text = textOf(message);
      if (socket.readyState === socket.OPEN) socket.send(text, () => {});
    },
    kill: () => socket.terminate(),
  };
}
