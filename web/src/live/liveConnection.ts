// One connection for the whole page. Streams are subscribed by whoever shows them and shared by all; each remembers
// the cursor of its last message, so that after a disconnect (or when the server says "lagged") it goes on there,
// without a gap and without a repeat.
import type { ChangeTopic, LiveChange, LiveState, LiveTurn, Subscription } from "@auraos/contract";
import { useSyncExternalStore } from "react";
import type { Socket } from "socket.io-client";
import { currentSession, onSessionChange, signOut } from "../api/session.ts";

export type Stream = Omit<Subscription, "cursor">;
export type LiveMessage = { type: "turn"; turn: LiveTurn } | { type: "state"; state: LiveState };
type Listener = (message: LiveMessage) => void;
type Open = { stream: Stream; cursor: string | undefined; listeners: Set<Listener> };

const AGAIN_MS = 1_000;

export type Connection = "off" | "connecting" | "live" | "lost";

/** Without topics: the connection is there (again), and whatever was read before may be old. */
type ChangeListener = (topics?: readonly ChangeTopic[]) => void;

const streams = new Map<string, Open>();
const watchers = new Set<() => void>();
const changeListeners = new Set<ChangeListener>();
let socket: Socket | undefined;
let connection: Connection = "off";

/** The result ends the subscription. */
export function subscribeLive(stream: Stream, listener: Listener): () => void {
  const key = keyOf(stream);
  const open = streams.get(key) ?? { stream, cursor: undefined, listeners: new Set() };
  open.listeners.add(listener);
  if (!streams.has(key)) {
    streams.set(key, open);
    ask(open);
  }
  return () => {
    open.listeners.delete(listener);
    if (open.listeners.size > 0 || streams.get(key) !== open) return;
    streams.delete(key);
    socket?.emit("unsubscribe", stream);
  };
}

/** What changes beside executions. The result ends it. */
export function subscribeChanges(listener: ChangeListener): () => void {
  changeListeners.add(listener);
  if (changeListeners.size === 1) askForChanges();
  return () => {
    changeListeners.delete(listener);
    if (changeListeners.size === 0) socket?.emit("unsubscribe", { to: "changes" });
  };
}

/** Opened while somebody is signed in; the shell calls it once. The result closes it. */
export function openLive(): () => void {
  let isWanted = true;
  const begin = () => {
    close();
    if (currentSession() !== null) void connect(() => isWanted);
  };
  const end = onSessionChange(begin);
  begin();
  return () => {
    isWanted = false;
    end();
    close();
  };
}

export function useConnection(): Connection {
  return useSyncExternalStore(onConnectionChange, () => connection);
}

async function connect(isWanted: () => boolean): Promise<void> {
  setConnection("connecting");
  const session = currentSession();
  const { io } = await import("socket.io-client");
  if (!isWanted() || session !== currentSession() || socket) return;
  const auth = session?.kind === "key" ? { key: session.key } : { organization: session?.organization };
  const own = io({ auth, reconnectionDelay: 500, reconnectionDelayMax: 5_000 });
  socket = own;
  own.on("connect", () => {
    setConnection("live");
    for (const open of streams.values()) ask(open);
    askForChanges();
  });
  own.on("disconnect", (reason) => {
    if (socket !== own) return;
    setConnection("lost");
    // The library does not come back by itself when the server ended the connection, as it does before it restarts.
    if (reason === "io server disconnect") connectSoon(own);
  });
  own.on("connect_error", (error) => {
    if (socket !== own) return;
    setConnection("lost");
    if (isKeyRefused(error)) return signOut("refused");
    // Refused by the server, as while its database starts: the library leaves trying again to us.
    if (!own.active) connectSoon(own);
  });
  own.on("turn", ({ stream, ...turn }: LiveTurn & { stream: string }) =>
    deliver(stream, turn.cursor, { type: "turn", turn: turn as LiveTurn }),
  );
  own.on("state", ({ stream, ...state }: LiveState & { stream: string }) =>
    deliver(stream, state.cursor, { type: "state", state: state as LiveState }),
  );
  own.on("changed", ({ topics }: LiveChange) => {
    for (const listener of changeListeners) listener(topics);
  });
  own.on("lagged", (stream: Stream) => {
    const open = streams.get(keyOf(stream));
    if (open) ask(open);
  });
}

function connectSoon(own: Socket): void {
  setTimeout(() => socket === own && own.connect(), AGAIN_MS);
}

function isKeyRefused(error: Error & { data?: { status?: number } }): boolean {
  return error.data?.status === 401;
}

function close(): void {
  const old = socket;
  socket = undefined;
  old?.disconnect();
  // Another person's cursors mean nothing.
  for (const open of streams.values()) open.cursor = undefined;
  setConnection("off");
}

function ask({ stream, cursor }: Open): void {
  if (socket?.connected) socket.emit("subscribe", { ...stream, ...(cursor === undefined ? {} : { cursor }) });
}

/** What changed before the server listens for us is not told: once it does, everything shown is asked for again. */
function askForChanges(): void {
  if (!socket?.connected || changeListeners.size === 0) return;
  socket.emit("subscribe", { to: "changes" }, () => {
    for (const listener of changeListeners) listener();
  });
}

function deliver(key: string, cursor: string, message: LiveMessage): void {
  const open = streams.get(key);
  if (!open) return;
  open.cursor = cursor;
  for (const listener of open.listeners) listener(message);
}

function keyOf({ to, id }: Stream): string {
  return `${to}:${id ?? ""}`;
}

function setConnection(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const watcher of watchers) watcher();
}

function onConnectionChange(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
