// How many executions of a workflow may be open at once per key (`settings.concurrency`), and what a further start
// does: wait its turn (queue), be refused (skip), or take the place of the oldest (cancelOther).
//
// A start that waits is a row of the inbox: durable before its caller is answered, and gone in the flush that writes
// its first turn. Children are not admitted here: a parent holding a place while its child waits for one would wait
// for ever.
import type { StartRequest } from "./engine.types.ts";
import type { LiveExecution } from "./execution.ts";
import { createFifo, type Fifo } from "./fifo.ts";
import type { Reign } from "./reign.ts";
import { holdKey } from "./startKeys.ts";
import { pushEvent } from "./turn.ts";

export type QueuedStart = {
  executionId: string;
  inboxId: string;
  request: StartRequest;
  /** It begins, in its turn or because it was withdrawn: nobody else may begin it. */
  isTaken?: boolean;
};

type Slots = { open: Set<string>; queue: Fifo<QueuedStart>; limit: number; touchedMs: number };

/** Empty places of a key are forgotten after this long: at once, somebody who was just given them would use what nobody frees. */
const FORGET_MS = 60_000;

export type Admission = {
  slots: Map<string, Slots | Promise<Slots>>;
  queued: Map<string, QueuedStart>;
  /** Executions that lost their place before they were born: they are cancelled as soon as they live. */
  displaced: Map<string, string>;
  sweptMs: number;
};

export type Admitted = "go" | "queue" | "refused";

export type ConcurrencySettings = { key?: string; limit: number; overlap?: "queue" | "skip" | "cancelOther" };

export function createAdmission(): Admission {
  return { slots: new Map(), queued: new Map(), displaced: new Map(), sweptMs: 0 };
}

export async function admit(
  reign: Reign,
  settings: ConcurrencySettings,
  request: StartRequest,
  executionId: string,
): Promise<Admitted> {
  const slots = await slotsOf(reign, request);
  slots.limit = Math.max(1, settings.limit);
  if (slots.open.size < slots.limit && slots.queue.size() === 0) {
    slots.open.add(executionId);
    return "go";
  }
  if (settings.overlap === "skip") return "refused";
  if (settings.overlap !== "cancelOther") return "queue";
  const tooMany = slots.open.size - slots.limit + 1;
  for (const other of [...slots.open].slice(0, tooMany)) cancelOther(reign, other, executionId);
  slots.open.add(executionId);
  return "go";
}

/** Its row is durable. It starts when a place becomes free, perhaps at once. */
export function enqueueStart(reign: Reign, queued: QueuedStart, onTrouble: () => void = () => {}): void {
  const { request, executionId } = queued;
  if (reign.admission.queued.has(executionId)) return;
  reign.admission.queued.set(executionId, queued);
  // Its key is not in the table yet: it stays taken here.
  holdKey(reign, request, executionId, Promise.resolve({ kind: "started", executionId }));
  Promise.all([slotsOf(reign, request), reign.programs.get(request.versionId)]).then(
    ([slots, loaded]) => {
      if (queued.isTaken) return;
      const settings = loaded.ok ? loaded.program.definition.settings?.concurrency : undefined;
      // Without the setting there are no places to wait for.
      if (settings === undefined) return waitAtGate(reign, queued);
      slots.limit = Math.max(1, settings.limit);
      slots.queue.push(queued);
      pump(reign, slots);
    },
    // Its row stays, so the next look into the inbox finds it again.
    () => {
      reign.admission.queued.delete(executionId);
      onTrouble();
    },
  );
}

/** Gives a place back without an execution having ended: the start failed. */
export function freeSlot(reign: Reign, request: StartRequest, executionId: string): void {
  reign.deps.gate?.release(executionId);
  free(reign, keyOf(request.orgId, request.workflowId, request.concurrencyKey), executionId);
}

export function releaseSlot(reign: Reign, exec: LiveExecution): void {
  reign.deps.gate?.release(exec.id);
  if (exec.start.concurrencyKey === null) return;
  free(reign, keyOf(exec.about.orgId, exec.about.workflowId, exec.start.concurrencyKey), exec.id);
}

function free(reign: Reign, key: string, executionId: string): void {
  const slots = reign.admission.slots.get(key);
  if (slots === undefined) return;
  if (slots instanceof Promise) {
    // They are being counted, and may be counted with this one in its place.
    slots.then(
      () => free(reign, key, executionId),
      () => {},
    );
    return;
  }
  if (slots.open.delete(executionId)) pump(reign, slots);
}

function pump(reign: Reign, slots: Slots): void {
  while (slots.open.size < slots.limit && !reign.isOver && !reign.isStopping) {
    const next = slots.queue.shift();
    if (next === undefined) return;
    if (next.isTaken) continue;
    slots.open.add(next.executionId);
    waitAtGate(reign, next);
  }
}

/** It has its place of the workflow, if it needs one; then those that it shares with others. */
function waitAtGate(reign: Reign, queued: QueuedStart): void {
  const { gate } = reign.deps;
  if (gate === undefined) return reign.startQueued(queued);
  gate.wait(queued.request, queued.executionId, () => {
    if (!reign.isOver && !queued.isTaken) reign.startQueued(queued);
  });
}

async function slotsOf(reign: Reign, request: StartRequest): Promise<Slots> {
  const { slots } = reign.admission;
  const concurrencyKey = request.concurrencyKey ?? "";
  const key = keyOf(request.orgId, request.workflowId, concurrencyKey);
  const known = slots.get(key);
  const nowMs = reign.deps.clock.monotonic();
  if (known !== undefined) {
    if (!(known instanceof Promise)) known.touchedMs = nowMs;
    return known;
  }
  sweep(reign, nowMs);
  const reading = readOpen(reign, request, concurrencyKey).then((open): Slots => {
    const made = { open: new Set(open), queue: createFifo<QueuedStart>(), limit: 1, touchedMs: nowMs };
    slots.set(key, made);
    return made;
  });
  slots.set(key, reading);
  reading.catch(() => slots.delete(key));
  return reading;
}

function sweep({ admission }: Reign, nowMs: number): void {
  if (nowMs - admission.sweptMs < FORGET_MS) return;
  admission.sweptMs = nowMs;
  for (const [key, slots] of admission.slots) {
    if (slots instanceof Promise || slots.open.size > 0 || slots.queue.size() > 0) continue;
    if (nowMs - slots.touchedMs > FORGET_MS) admission.slots.delete(key);
  }
}

/** Those that left memory are known to the storage alone. */
async function readOpen(reign: Reign, request: StartRequest, concurrencyKey: string): Promise<string[]> {
  const { store } = reign.deps;
  const stored = (await store.openExecutions?.(request.orgId, request.workflowId, concurrencyKey)) ?? [];
  const open = new Set(stored);
  for (const { id, start } of reign.live.values()) {
    const isSame = start.orgId === request.orgId && start.workflowId === request.workflowId;
    if (isSame && start.concurrencyKey === concurrencyKey) open.add(id);
  }
  return [...open].sort();
}

function keyOf(orgId: string, workflowId: string, concurrencyKey: string | undefined): string {
  return `${orgId}\n${workflowId}\n${concurrencyKey ?? ""}`;
}

function cancelOther(reign: Reign, other: string, by: string): void {
  reign.loader.get(other).then(
    (found) => {
      if (reign.isOver) return;
      if (found.kind === "missing") reign.admission.displaced.set(other, by);
      if (found.kind === "live") displace(reign, found.exec, by);
    },
    () => {},
  );
}

function displace(reign: Reign, exec: LiveExecution, by: string): void {
  pushEvent(reign, exec, { type: "CancelRequested", reason: `Execution ${by} took its place.` });
}

/** Called at birth. */
export function displaceIfDue(reign: Reign, exec: LiveExecution): void {
  const by = reign.admission.displaced.get(exec.id);
  if (by === undefined) return;
  reign.admission.displaced.delete(exec.id);
  displace(reign, exec, by);
}
