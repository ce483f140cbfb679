// Starting an execution for somebody outside: start key, limits of the organization, concurrency of the workflow, and
// then its first turn. Durable when it resolves. Start keys: startKeys.ts.

import type { Event } from "@auraos/kernel";
import { stillLeading } from "./acks.ts";
import { admit, enqueueStart, freeSlot, type QueuedStart } from "./admission.ts";
import { pause } from "./backoff.ts";
import { bear, startRecord } from "./birth.ts";
import { tooDeep } from "./children.ts";
import type { DeliverResult, StartRequest, StartResult } from "./engine.types.ts";
import { deposed, EngineError, messageOf, parked } from "./errors.ts";
import { markTaken } from "./inbox.ts";
import { emptyItem } from "./laneItem.ts";
import { BACKLOG_FLUSHES } from "./limits.ts";
import { refusedByOrg } from "./orgLimits.ts";
import { askTick, type Reign } from "./reign.ts";
import { freeKey, holdKey, isKeyTaken, startKeyName } from "./startKeys.ts";
import type { StartKeyRow } from "./store.ts";

export function startExecution(reign: Reign, request: StartRequest): Promise<StartResult> {
  if (reign.lane.size() > BACKLOG_FLUSHES * reign.limits.turnsPerFlushMax) return Promise.resolve(tooBusy());
  if ((request.depth ?? 0) > reign.limits.subworkflowDepthMax)
    return Promise.resolve(callsTooDeep(reign.limits.subworkflowDepthMax));
  return request.key === undefined
    ? startNew(reign, request, newId(reign))
    : startKeyed(reign, request, request.key);
}

function newId(reign: Reign): string {
  return reign.deps.ids.execution(Math.floor(reign.deps.clock.now()));
}

type Key = NonNullable<StartRequest["key"]>;

async function startKeyed(reign: Reign, request: StartRequest, key: Key): Promise<StartResult> {
  const { orgId, workflowId, envId } = request;
  const name = startKeyName(request) ?? "";
  const pending = reign.startKeys.get(name);
  if (pending !== undefined) return repeat(reign, request, pending, key);
  const executionId = newId(reign);
  const result = (async (): Promise<StartResult> => {
    const rows = await reign.deps.store.findStartKeys([{ orgId, workflowId, envId, key: key.key }]);
    const row = rows.find((found) => found.expiresAtMs > reign.deps.clock.now());
    if (row !== undefined) return answerKey(row.executionId, row.requestHash === key.requestHash);
    return startNew(reign, request, executionId);
  })();
  holdKey(reign, request, executionId, result);
  const forget = (): void => {
    // One that waits for its turn is found in the inbox only: its key stays taken here.
    if (!reign.admission.queued.has(executionId)) freeKey(reign, request, executionId);
  };
  result.then(forget, forget);
  return result;
}

async function repeat(
  reign: Reign,
  request: StartRequest,
  pending: { requestHash: string; result: Promise<StartResult> },
  key: Key,
): Promise<StartResult> {
  const first = await pending.result;
  // The one before had another request under this key; that says nothing about ours.
  if (first.kind === "keyReused") return startKeyed(reign, request, key);
  if (first.kind === "refused") return first;
  return answerKey(first.executionId, pending.requestHash === key.requestHash);
}

function answerKey(executionId: string, isSame: boolean): StartResult {
  return { kind: isSame ? "existing" : "keyReused", executionId };
}

async function startNew(reign: Reign, request: StartRequest, executionId: string): Promise<StartResult> {
  const loaded = reign.programs.known(request.versionId) ?? (await reign.programs.get(request.versionId));
  if (!loaded.ok) {
    return {
      kind: "refused",
      code: loaded.code,
      message: loaded.message,
      remedy: "Correct the workflow and publish it again.",
    };
  }
  const full = await refusedByOrg(reign, request.orgId);
  if (full !== null) return full;
  const concurrency = loaded.program.definition.settings?.concurrency;
  // Starts wait under versions that limit them; also for one that no longer does, while not all of them are known here.
  const { gate } = reign.deps;
  const isAsked = gate?.isAsked(request) === true;
  if (concurrency !== undefined || isAsked || reign.inbox.hasMore) {
    const waiting = await findWaiting(reign, request);
    if (waiting !== null) return waiting;
  }
  if (concurrency !== undefined) {
    const admitted = await admit(reign, concurrency, request, executionId);
    if (admitted === "refused") return skipped(request.workflowName, concurrency.limit);
    if (admitted === "queue") return queueUp(reign, request, executionId);
  }
  if (concurrency === undefined && !isAsked) return begin(reign, request, executionId, undefined);
  try {
    const places = isAsked ? await gate?.take(request, executionId) : "free";
    if (reign.isOver) throw deposed();
    if (places !== "wait") return await begin(reign, request, executionId, undefined);
  } catch (error) {
    freeSlot(reign, request, executionId);
    throw error;
  }
  // It waits with nothing in its hands, and takes its place of the workflow anew in its turn.
  freeSlot(reign, request, executionId);
  return queueUp(reign, request, executionId);
}

/** The first turn; `inboxId` = the row in which it waited. */
async function begin(
  reign: Reign,
  request: StartRequest,
  executionId: string,
  inboxId: string | undefined,
  then?: readonly Event[],
): Promise<StartResult> {
  const loaded = await reign.programs.get(request.versionId);
  if (reign.isOver) throw deposed();
  if (!loaded.ok) throw parked(executionId, loaded.message);
  const { orgId, workflowId, workflowName, versionId, mode, trigger, actor, cause } = request;
  const vars = request.vars ?? (await reign.deps.vars?.(request, loaded.program.definition));
  if (reign.isOver) throw deposed();
  const start = startRecord(
    reign,
    { executionId, orgId, workflowId, workflowName, versionId, mode },
    {
      ...(trigger !== undefined ? { trigger } : {}),
      ...(vars !== undefined ? { vars } : {}),
      ...(actor !== undefined ? { actor } : {}),
      ...(cause !== undefined ? { cause } : {}),
      ...(request.depth !== undefined ? { depth: request.depth } : {}),
    },
  );
  const isLimited = loaded.program.definition.settings?.concurrency !== undefined;
  return new Promise((resolve, reject) => {
    bear(
      reign,
      {
        event: { type: "ExecutionStarted", start, items: request.items },
        program: loaded.program,
        envId: request.envId,
        traceId: request.traceId,
        concurrencyKey: request.concurrencyKey ?? (isLimited ? "" : null),
        startKey: keyRow(reign, request, executionId),
        inboxId,
        ...(then === undefined ? {} : { then }),
      },
      { resolve: () => resolve({ kind: "started", executionId }), reject },
    );
  });
}

function keyRow(reign: Reign, request: StartRequest, executionId: string): StartKeyRow | null {
  if (request.key === undefined) return null;
  const { orgId, workflowId, envId } = request;
  const { key, requestHash, ttlMs } = request.key;
  const expiresAtMs = Math.floor(reign.deps.clock.now()) + ttlMs;
  return { orgId, workflowId, envId, key, executionId, requestHash, expiresAtMs };
}

/** A start with this key that waits for its place, put down by whichever engine. */
async function findWaiting(reign: Reign, request: StartRequest): Promise<StartResult | null> {
  const name = startKeyName(request);
  if (name === null || request.key === undefined) return null;
  const row = await reign.deps.store.findInbox(request.orgId, name);
  if (row === null) return null;
  // Another leader may be throwing this row away: only a leader says that it holds.
  await stillLeading(reign);
  const first = JSON.parse(Buffer.from(row.body).toString("utf8")) as StartRequest;
  return answerKey(row.executionId, first.key?.requestHash === request.key.requestHash);
}

async function queueUp(reign: Reign, request: StartRequest, executionId: string): Promise<StartResult> {
  const inboxId = newId(reign);
  // Before it is there: it is ours to begin, and not that of a look which sees it.
  markTaken(reign, inboxId);
  const put = await putDown(reign, request, executionId, inboxId).catch((error: unknown) => {
    // It may be there all the same.
    reign.inbox.taken.delete(inboxId);
    throw error;
  });
  if (put === "repeated") {
    const waiting = await findWaiting(reign, request);
    if (waiting !== null) return waiting;
    throw new EngineError("BUSY", "The first start with this key is just beginning.", "Try again.");
  }
  enqueueStart(reign, { executionId, inboxId, request }, () => reign.inbox.taken.delete(inboxId));
  // The inbox is not fenced: a deposed engine can write to it. Whoever is told "started" is told so by a leader.
  await stillLeading(reign);
  return { kind: "started", executionId };
}

function putDown(
  reign: Reign,
  request: StartRequest,
  executionId: string,
  inboxId: string,
): Promise<"stored" | "repeated"> {
  return reign.deps.store.putInbox({
    id: inboxId,
    orgId: request.orgId,
    executionId,
    kind: "start",
    body: Buffer.from(JSON.stringify(request)),
    atMs: Math.floor(reign.deps.clock.now()),
    dedupeKey: startKeyName(request),
  });
}

/** A place became free for a start that waited. */
export function startQueued(reign: Reign, queued: QueuedStart): void {
  void beginWaiting(reign, queued);
}

/** False: it was given up. */
async function beginWaiting(reign: Reign, queued: QueuedStart, then?: readonly Event[]): Promise<boolean> {
  const { executionId, request } = queued;
  queued.isTaken = true;
  let isBorn = false;
  try {
    isBorn = await beginSurely(reign, queued, then);
  } catch (error) {
    if (!reign.isOver) giveUp(reign, queued, messageOf(error));
  }
  reign.admission.queued.delete(executionId);
  freeKey(reign, request, executionId);
  return isBorn;
}

/** Its caller was told that it started, so a storage that does not answer for a moment is asked again. */
async function beginSurely(reign: Reign, queued: QueuedStart, then?: readonly Event[]): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await beginUnlessTaken(reign, queued, then);
    } catch (error) {
      // Set aside, or the reign is over.
      if (error instanceof EngineError || reign.isOver) throw error;
      const { executionId } = queued;
      reign.deps.log("warn", "a start that waited waits on", { executionId, error: messageOf(error) });
      await pause(reign.deps.clock, attempt);
    }
  }
}

/** Its key may have been taken while it waited, under another leader: then it was never acknowledged, and goes. */
async function beginUnlessTaken(
  reign: Reign,
  queued: QueuedStart,
  then?: readonly Event[],
): Promise<boolean> {
  const { executionId, request, inboxId } = queued;
  if (await isKeyTaken(reign, request, executionId)) {
    giveUp(reign, queued, "another execution has its key");
    return false;
  }
  await begin(reign, request, executionId, inboxId, then);
  return true;
}

/**
 * An event for a start that still waits for its place. Cancelled, it is born and ends in one turn, so that nothing of it
 * runs and its end is on record; a signal waits in the inbox until it is born. Null: it is just beginning, ask again.
 */
export async function deliverToQueued(
  reign: Reign,
  queued: QueuedStart,
  event: Event,
): Promise<DeliverResult | null> {
  if (queued.isTaken) return null;
  const { executionId, request } = queued;
  if (event.type === "CancelRequested" || event.type === "TerminateRequested") {
    if (await beginWaiting(reign, queued, [event])) return { kind: "accepted" };
    if (reign.isOver) throw deposed();
  }
  if (event.type !== "SignalReceived") return { kind: "refused", code: "UNKNOWN_EXECUTION" };
  await reign.deps.store.putInbox({
    id: newId(reign),
    orgId: request.orgId,
    executionId,
    kind: "event",
    body: Buffer.from(JSON.stringify(event)),
    atMs: Math.floor(reign.deps.clock.now()),
    dedupeKey: `${executionId} ${event.id}`,
  });
  await stillLeading(reign);
  return { kind: "accepted" };
}

/** It can never run (no such version, data that cannot be stored): its row must not stand in the way of the others. */
function giveUp(reign: Reign, { executionId, inboxId, request }: QueuedStart, why: string): void {
  reign.deps.log("error", "a start that waited is given up", { executionId, why });
  const item = emptyItem(null);
  item.inboxDone = [inboxId];
  reign.lane.push(item);
  askTick(reign);
  freeSlot(reign, request, executionId);
}

function tooBusy(): StartResult {
  return {
    kind: "refused",
    code: "BUSY",
    message: "More work waits for the database than it can take.",
    remedy: "Try again in a few seconds.",
  };
}

function callsTooDeep(max: number): StartResult {
  const { code, message, remedy = "" } = tooDeep(max);
  return { kind: "refused", code, message, remedy };
}

function skipped(workflow: string, limit: number): StartResult {
  return {
    kind: "refused",
    code: "CONCURRENCY_LIMIT",
    message: `"${workflow}" may have ${limit} open executions for this key, and has them.`,
    remedy: "Wait for one to end, or let further starts queue (`settings.concurrency.overlap`).",
  };
}
