// What the rest of the server may do with bytes that are too large for the journal.
import type { Readable } from "node:stream";
import type { BlobStore } from "@auraos/nodes/defineNode.ts";

/** Whose bytes, and of which day (`2026-01-31`, the day the execution began): both are part of the place on disk. */
export type BlobOwner = { orgId: string; executionId: string; day: string };

export type ByteRange = { start?: number; end?: number };

export type BlobsFreed = { files: number; bytes: number };

export type Blobs = {
  /** What the nodes of one execution see: they put into it, and get what their organization has. */
  forExecution(owner: BlobOwner): BlobStore;
  /** Durable when it resolves. Gives the id. */
  putValue(owner: BlobOwner, bytes: Uint8Array): Promise<string>;
  getValue(id: string): Promise<Uint8Array>;
  /** Part of the bytes or all of them; `end` is the last byte wanted. */
  open(id: string, orgId: string, range?: ByteRange): Promise<{ bytes: number; stream: Readable }>;
  deleteExecution(owner: BlobOwner): Promise<BlobsFreed>;
  /** Ids of everything in the folder of an execution. */
  listExecution(owner: BlobOwner): Promise<string[]>;
  /** For erasing a person, and for nothing else: other bytes in the place of a blob. Durable when it resolves. */
  replace(id: string, bytes: Uint8Array): Promise<void>;
  /** Folders of executions, by organization and day; the ids of one day at a time. */
  folders(): AsyncIterable<{ orgId: string; day: string; executionIds: string[] }>;
  /** As the engine wants it. */
  payloads: {
    put(about: { orgId: string; executionId: string; atMs: number }, bytes: Uint8Array): Promise<string>;
    get(id: string): Promise<Uint8Array>;
  };
};

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Ids of executions are UUIDs of version 7, whose first 48 bits are the time. Others: the given time. */
export function dayOfExecution(executionId: string, atMs: number): string {
  const hex = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(executionId);
  return dayOf(hex ? Number.parseInt(`${hex[1]}${hex[2]}`, 16) : atMs);
}
