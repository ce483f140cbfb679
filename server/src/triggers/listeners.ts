// Runs the triggers that listen outside, in the process whose engine leads: one listener per row of `triggers`.
//
//   the node's `listen` -> take(messages) -> events of the bus, durable -> cursor -> only then the source is told
//
// Invariants:
//   1. A message is an event before anything is acknowledged: a crash repeats it, and its id makes that harmless.
//   2. Whatever ends a listener, it begins again: after one second, then later and later, at most a minute.
//   3. What a person changed ends the listener of before; it can no longer move the cursor (mark).
import { hash } from "node:crypto";
import type { Json, JsonObject } from "@auraos/kernel";
import type { ListenContext, NodeModule, TakenMessage } from "@auraos/nodes";
import type { Credential, CredentialUse } from "@auraos/nodes/credentials/defineCredential.ts";
import type { Reach } from "../activities/reach.ts";
import type { Engine } from "../engine/engine.types.ts";
import type { EventBus } from "../events/createEventBus.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { oneAtATime } from "../platform/reading.ts";
import { sourceOf } from "./outsideTriggers.ts";
import { type ListenerRow, listListeners, writeReceived, writeState } from "./store.ts";

export type Listeners = {
  /** Follows what was changed in the table. What cannot be read now is read soon: a change that is stored stays one. */
  sync(): Promise<void>;
  stop(): Promise<void>;
};

export type ListenersParts = {
  /** The engine's role. */
  pool: Pool;
  engine: Pick<Engine, "status">;
  events: Pick<EventBus, "publish">;
  reach: Pick<Reach, "http" | "addressOf" | "files">;
  /** Opens the connection that a trigger names. */
  credential: (
    orgId: string,
    about: { nodeType: string; config: JsonObject },
    use: CredentialUse | undefined,
  ) => Promise<Credential>;
  module: (type: string) => NodeModule | undefined;
  nowMs: () => number;
  log: Log;
};

const LOOK_MS = 200;
const SYNC_MS = 5_000;
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 60_000;
const STOP_MS = 3_000;
const TAKEN_AT_ONCE = 500;
const ERROR_MAX = 500;

type Running = { row: ListenerRow; ending: AbortController; done: Promise<void> };

export function createListeners(parts: ListenersParts): Listeners {
  const { engine, pool, log } = parts;
  const running = new Map<string, Running>();
  let epoch: number | null = null;
  let isStopped = false;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let syncing: Promise<void> | undefined;
  const read = oneAtATime(follow);
  let timer = setTimeout(look, 0).unref();
  return {
    sync: () => (epoch === null ? Promise.resolve() : sync()),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      const left = endAll();
      await Promise.race([
        Promise.allSettled([...left, ...(syncing ? [syncing] : [])]),
        new Promise((resolve) => setTimeout(resolve, STOP_MS).unref()),
      ]);
    },
  };

  function look(): void {
    const status = engine.status();
    const isOurs = status.state === "leading" || (status.state === "failing" && status.epoch === epoch);
    if (epoch !== null && (!isOurs || status.epoch !== epoch)) {
      epoch = null;
      endAll();
    }
    if (epoch === null && status.state === "leading" && status.epoch !== null) {
      epoch = status.epoch;
      syncedAt = Number.NEGATIVE_INFINITY;
    }
    if (epoch !== null && performance.now() - syncedAt > SYNC_MS) void sync();
    if (!isStopped) timer = setTimeout(look, LOOK_MS).unref();
  }

  function endAll(): Promise<void>[] {
    const left = [...running.values()];
    running.clear();
    for (const { ending } of left) ending.abort();
    return left.map(({ done }) => done);
  }

  function sync(): Promise<void> {
    syncing = read().catch((error: unknown) => {
      log("warn", "triggers are looked at again in a moment", { error });
    });
    return syncing;
  }

  async function follow(): Promise<void> {
    if (isStopped || epoch === null) return;
    // As if it had been read a while ago, until it is: then a look tries it again soon.
    syncedAt = performance.now() - SYNC_MS + RETRY_MS;
    const rows = new Map((await listListeners(pool)).map((row) => [row.id, row]));
    if (isStopped || epoch === null) return;
    syncedAt = performance.now();
    for (const [id, one] of running) {
      if (rows.get(id)?.mark === one.row.mark) continue;
      one.ending.abort();
      running.delete(id);
    }
    for (const [id, row] of rows) if (!running.has(id)) begin(row);
  }

  function begin(row: ListenerRow): void {
    const ending = new AbortController();
    const done = keepListening(parts, row, ending.signal).catch((error: unknown) =>
      log("error", "a trigger ended", { trigger: row.id, error }),
    );
    running.set(row.id, { row, ending, done });
  }
}

async function keepListening(parts: ListenersParts, row: ListenerRow, signal: AbortSignal): Promise<void> {
  const { pool, log } = parts;
  let cursor = row.cursor === null ? undefined : (JSON.parse(row.cursor) as Json);
  for (let failures = 0; !signal.aborted; ) {
    const module = parts.module(row.type);
    const attempt = new AbortController();
    const both = AbortSignal.any([signal, attempt.signal]);
    try {
      if (!module?.listen) throw new Error(`This server has no trigger ${row.type} that listens.`);
      const context = contextOf(parts, row, both, {
        cursor,
        moved: (next) => {
          cursor = next;
        },
        listening: () => {
          failures = 0;
        },
      });
      await module.listen(JSON.parse(row.config) as JsonObject, context);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const message = messageOf(error);
      log("warn", "a trigger begins again in a moment", {
        trigger: row.id,
        workflow: row.workflowId,
        message,
      });
      await writeState(pool, { id: row.id, mark: row.mark, state: "failing", error: message }).catch(
        () => {},
      );
    } finally {
      attempt.abort();
    }
    if (!signal.aborted)
      await pause(Math.min(RETRY_MS * 2 ** Math.max(0, failures - 1), RETRY_MS_MAX), signal);
  }
}

type Progress = { cursor: Json | undefined; moved(cursor: Json): void; listening(): void };

function contextOf(
  parts: ListenersParts,
  row: ListenerRow,
  signal: AbortSignal,
  progress: Progress,
): ListenContext {
  const { pool, reach, nowMs } = parts;
  let cursorText = progress.cursor === undefined ? null : JSON.stringify(progress.cursor);
  let isListening = false;
  return {
    signal,
    nowMs,
    cursor: progress.cursor,
    pause: (ms) => pause(ms, signal),
    get http() {
      return reach.http(row.workflowId);
    },
    addressOf: (host, port) => reach.addressOf(row.workflowId, host, port),
    credential: (use) =>
      parts.credential(row.orgId, { nodeType: row.type, config: JSON.parse(row.config) as JsonObject }, use),
    get files() {
      return reach.files(row.workflowId);
    },
    async take(messages, cursor) {
      await publishAll(parts, row, messages);
      if (cursor !== undefined) cursorText = JSON.stringify(cursor);
      await writeReceived(pool, { id: row.id, mark: row.mark, cursor: cursorText, count: messages.length });
      if (cursor !== undefined) progress.moved(cursor);
    },
    async listening() {
      progress.listening();
      if (isListening) return;
      isListening = true;
      await writeState(pool, { id: row.id, mark: row.mark, state: "listening", error: null });
    },
  };
}

async function publishAll(
  { events, nowMs }: ListenersParts,
  row: ListenerRow,
  messages: readonly TakenMessage[],
): Promise<void> {
  for (let at = 0; at < messages.length; at += TAKEN_AT_ONCE)
    await events.publish(
      row.orgId,
      messages.slice(at, at + TAKEN_AT_ONCE).map(({ id, data }) => ({
        specversion: "1.0",
        id: id.length <= 255 ? plain(id) : hash("sha256", id),
        source: sourceOf(row.id),
        type: `auraos.${row.type}`,
        time: new Date(nowMs()).toISOString(),
        datacontenttype: "application/json",
        data,
      })),
    );
}

/** PostgreSQL keeps no NUL in a text, and JSON no lone surrogate. */
function plain(id: string): string {
  return id.toWellFormed().replaceAll("\0", "\uFFFD");
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll("\0", "").slice(0, ERROR_MAX);
}

/** False when it was aborted meanwhile. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const done = (isOver: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      resolve(isOver);
    };
    const abort = () => done(false);
    const timer = setTimeout(() => done(true), ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
