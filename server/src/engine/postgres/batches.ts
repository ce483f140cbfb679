// Rows and batches for the tests and the bench of this folder.
import { randomBytes } from "node:crypto";
import type { ExecutionUpdate, FlushBatch, Holder, StartRow, TurnRow } from "../store.ts";

const empty: FlushBatch = {
  starts: [],
  startKeys: [],
  turns: [],
  updates: [],
  effects: [],
  waitsOpened: [],
  waitsClosed: [],
  inboxDone: [],
  stats: null,
};

export function batchOf(parts: Partial<FlushBatch>): FlushBatch {
  return { ...empty, ...parts };
}

/** A UUIDv7; ids of later moments are greater. */
export function idAt(atMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(atMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const newId = (): string => idAt(Date.now());

export function startOf(executionId: string, orgId: string, more: Partial<StartRow> = {}): StartRow {
  return {
    executionId,
    orgId,
    envId: orgId,
    workflowId: orgId,
    versionId: orgId,
    mode: "production",
    triggerNode: null,
    parentId: null,
    parentCommand: null,
    originId: null,
    depth: 0,
    actor: null,
    cause: null,
    traceId: null,
    startedAtMs: Date.now(),
    input: Buffer.from('{"a":1}'),
    inputBlob: null,
    concurrencyKey: null,
    ...more,
  };
}

export function turnOf(
  executionId: string,
  orgId: string,
  seq: number,
  body = `[{"t":"Now","at":${seq}}]`,
): TurnRow {
  return { executionId, orgId, seq, atMs: 1_700_000_000_000 + seq, body: Buffer.from(body) };
}

export function updateOf(
  executionId: string,
  status: ExecutionUpdate["status"],
  more: Partial<ExecutionUpdate> = {},
): ExecutionUpdate {
  return {
    executionId,
    orgId: null,
    status,
    seq: 1,
    wakeAtMs: null,
    completedAtMs: null,
    output: null,
    outputBlob: null,
    errorCode: null,
    errorMessage: null,
    durationMs: null,
    usage: null,
    ...more,
  };
}

export function holderNamed(id: string): Holder {
  return { id, host: "here", pid: process.pid, address: null };
}
