// The live stream over Socket.io. The key comes in the handshake (`auth: {key}` or the Authorization header); a
// browser page of another origin is refused before that.
import type { Server as HttpServer } from "node:http";
import {
  changeSubscription,
  changeTopics,
  type LiveChange,
  type LiveTurn,
  subscription,
} from "@auraos/contract";
import { Server, type Socket } from "socket.io";
import type { Deps } from "../deps.ts";
import { type Caller, may } from "../platform/caller.ts";
import { asRefusal, notFound, problemDetailsOf, refuse } from "../platform/errors.ts";
import { demand } from "../platform/http.ts";
import type { LiveMessage } from "./hub.ts";

const SUBSCRIPTIONS_MAX = 100;
const CHANGES = "changes";

export function attachLive(http: HttpServer, deps: Deps): { close(): Promise<void> } {
  const io = new Server(http, {
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    pingInterval: 20_000,
    pingTimeout: 20_000,
    allowRequest: (request, decide) =>
      decide(null, isOwnOrigin(request.headers.origin, request.headers.host)),
  });
  io.use((socket, next) => {
    callerOf(deps, socket).then(
      (caller) => {
        socket.data.caller = caller;
        next();
      },
      (error: unknown) => next(connectError(error)),
    );
  });
  io.on("connection", (socket) => serve(deps, socket));
  return {
    // Closing disconnects everybody; clients come back with their cursors.
    close: () => io.close(),
  };
}

/** Programs send no Origin; browsers do, and only pages of this very server may come. */
function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.parse(origin)?.host === host;
}

async function callerOf(deps: Deps, socket: Socket): Promise<Caller> {
  const caller = await deps.identity.callerOfHandshake(
    socket.request,
    socket.handshake.auth as { key?: unknown; organization?: unknown },
  );
  demand(caller, "live.read");
  return caller;
}

function serve(deps: Deps, socket: Socket): void {
  const { caller } = socket.data as { caller: Caller };
  const ends = new Map<string, () => void>();
  const forget = (key: string) => {
    ends.get(key)?.();
    ends.delete(key);
  };
  socket.on("subscribe", async (body: unknown, acknowledge: unknown) => {
    const answer = typeof acknowledge === "function" ? (acknowledge as (reply: unknown) => void) : () => {};
    if (changeSubscription.safeParse(body).success) {
      forget(CHANGES);
      ends.set(CHANGES, watchChanges(deps, socket));
      return answer({ ok: true });
    }
    try {
      const to = subscription.safeParse(body);
      if (!to.success || (to.data.to !== "all" && to.data.id === undefined))
        throw refuse(400, "SUBSCRIPTION_INVALID", "A subscription is {to, id?, cursor?}.", "See /api/docs.");
      if (ends.size >= SUBSCRIPTIONS_MAX)
        throw refuse(
          429,
          "TOO_MANY_SUBSCRIPTIONS",
          `At most ${SUBSCRIPTIONS_MAX} subscriptions.`,
          "End some first.",
        );
      const key = `${to.data.to}:${to.data.id ?? ""}`;
      forget(key);
      let isGone = false;
      ends.set(key, () => {
        isGone = true;
      });
      const end = await deps.live.subscribe(caller.orgId, to.data, {
        send: (message) => {
          if (!isGone) emit(socket, key, message);
        },
        backlog: () => (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length,
        lagged: () => {
          forget(key);
          socket.emit("lagged", { to: to.data.to, id: to.data.id });
        },
      });
      if (isGone || !socket.connected) end();
      else
        ends.set(key, () => {
          isGone = true;
          end();
        });
      answer({ ok: true });
    } catch (error) {
      const refusal = asRefusal(error) ?? notFound("such stream");
      answer({ ok: false, problem: problemDetailsOf(refusal, socket.id) });
    }
  });
  socket.on("unsubscribe", (body: unknown) => {
    if (changeSubscription.safeParse(body).success) return forget(CHANGES);
    const to = subscription.safeParse(body);
    if (to.success) forget(`${to.data.to}:${to.data.id ?? ""}`);
  });
  // Whoever is signed out, or loses the right, hears nothing more; other rights count from the next message on.
  const unwatch = deps.identity.watchers.watch(
    async () => {
      socket.data.caller = await callerOf(deps, socket);
    },
    () => socket.disconnect(true),
  );
  socket.on("disconnect", () => {
    unwatch();
    for (const key of [...ends.keys()]) forget(key);
  });
}

/** Only of topics that the caller may read at this moment. */
function watchChanges({ changes }: Deps, socket: Socket): () => void {
  const { orgId } = socket.data.caller as Caller;
  return changes.watch(orgId, (topics) => {
    const caller = socket.data.caller as Caller;
    const heard = topics.filter((topic) => caller.orgId === orgId && may(caller, changeTopics[topic]));
    if (heard.length > 0) socket.emit("changed", { topics: heard } satisfies LiveChange);
  });
}

/** `stream` tells a client with several subscriptions which one a message belongs to. */
function emit(socket: Socket, stream: string, message: LiveMessage): void {
  if (message.type === "state") socket.emit("state", { stream, ...message.state });
  else socket.emit("turn", { stream, ...message.turn } satisfies LiveTurn & { stream: string });
}

function connectError(error: unknown): Error {
  const refusal = asRefusal(error);
  const shown = new Error(refusal?.message ?? "The key could not be checked.");
  return Object.assign(shown, { data: refusal ? problemDetailsOf(refusal, "") : {} });
}
