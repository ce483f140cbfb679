// Bodies: the JSON of a turn, and where its big values go.
//
// A turn of ordinary size is serialised once and that is all. In a big one, item lists and other big values move to
// the blob store before the flush and leave `{"$blob": id, "bytes": n}` behind. Such a body opens with a fact
// `{"t": "Blobs", "ids": [...]}`: only those ids are looked up again when reading, so data that happens to contain
// "$blob" stays what it is, and nobody can name somebody else's blob. A value that travels through several nodes is
// stored once per execution: the kernel passes it on by reference, and we know it by identity.
import type { Fact } from "@auraos/kernel";
import { pause } from "./backoff.ts";
import type { Payloads } from "./engine.types.ts";
import { messageOf } from "./errors.ts";
import type { LiveExecution } from "./execution.ts";
import type { Reign } from "./reign.ts";

/** Values below this stay where they are, even in a big turn. */
const BIG_BYTES = 32 * 1024;

export type BlobRef = { $blob: string; bytes: number };
type BlobsFact = { t: "Blobs"; ids: string[] };
type Needs = Pick<Reign, "deps" | "limits" | "isOver">;

export function encodeTurn(
  needs: Needs,
  exec: LiveExecution,
  facts: readonly Fact[],
  atMs: number,
): Uint8Array | Promise<Uint8Array> {
  const text = JSON.stringify(facts);
  if (text.length <= needs.limits.inlineBytesMax) return Buffer.from(text);
  const moved = newMoved();
  const small = facts.map((fact) => shrinkFields(fact, exec, moved));
  return putAway(needs, exec, moved, atMs).then((ids) => {
    const blobs: BlobsFact = { t: "Blobs", ids };
    return Buffer.from(JSON.stringify(ids.length === 0 ? small : [blobs, ...small]));
  });
}

/** One value (a snapshot) with its big parts as references, and the ids of those. */
export async function encodeValue(
  needs: Needs,
  exec: LiveExecution,
  value: object,
  atMs: number,
): Promise<{ text: string; blobs: string[]; hasWaited: boolean }> {
  const moved = newMoved();
  const small = shrinkFields(value, exec, moved);
  const waiting = putAway(needs, exec, moved, atMs);
  // Only what moves is taken later; the rest is written down now, before the state goes on.
  const text = moved.values.length === 0 ? JSON.stringify(small) : null;
  const blobs = await waiting;
  return { text: text ?? JSON.stringify(small), blobs, hasWaited: text === null };
}

type Moved = { values: { value: unknown; ref: BlobRef }[]; refs: Map<unknown, BlobRef>; known: Set<string> };

function newMoved(): Moved {
  return { values: [], refs: new Map(), known: new Set() };
}

function shrinkFields(value: object, exec: LiveExecution, moved: Moved): object {
  if (!isBig(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) copy[key] = shrink(field, exec, moved);
  return copy;
}

function shrink(value: unknown, exec: LiveExecution, moved: Moved): unknown {
  if (!isBig(value)) return value;
  if (typeof value !== "object" || value === null || isItemList(value)) return moveOut(value, exec, moved);
  if (Array.isArray(value)) {
    return value.some(isBig) ? value.map((one) => shrink(one, exec, moved)) : moveOut(value, exec, moved);
  }
  return Object.values(value).some(isBig) ? shrinkFields(value, exec, moved) : moveOut(value, exec, moved);
}

function isItemList(value: object): boolean {
  if (!Array.isArray(value)) return false;
  const first: unknown = value[0];
  return typeof first === "object" && first !== null && "json" in first;
}

function moveOut(value: unknown, exec: LiveExecution, moved: Moved): BlobRef {
  const stored = typeof value === "object" && value !== null ? exec.blobs?.get(value) : undefined;
  if (stored !== undefined) {
    moved.known.add(stored);
    return { $blob: stored, bytes: 0 };
  }
  let ref = moved.refs.get(value);
  if (ref === undefined) {
    ref = { $blob: "", bytes: 0 };
    moved.refs.set(value, ref);
    moved.values.push({ value, ref });
  }
  return ref;
}

/** One after the other, so that one serialised copy is in memory at a time. Gives all ids that are referred to. */
async function putAway(needs: Needs, exec: LiveExecution, moved: Moved, atMs: number): Promise<string[]> {
  const { payloads, clock, log } = needs.deps;
  const about = { orgId: exec.about.orgId, executionId: exec.id, atMs };
  for (const { value, ref } of moved.values) {
    const bytes = Buffer.from(JSON.stringify(value));
    for (let attempt = 0; ref.$blob === "" && !needs.isOver; attempt++) {
      try {
        ref.$blob = await payloads.put(about, bytes);
      } catch (error) {
        log("warn", "a payload could not be stored", { executionId: exec.id, error: messageOf(error) });
        await pause(clock, attempt);
      }
    }
    ref.bytes = bytes.byteLength;
    rememberBlob(exec, value, ref.$blob);
    moved.known.add(ref.$blob);
  }
  return [...moved.known];
}

/** This value stands in the blob store already. */
export function rememberBlob(exec: LiveExecution, value: unknown, id: string): void {
  if (typeof value !== "object" || value === null) return;
  exec.blobs ??= new WeakMap();
  exec.blobs.set(value, id);
}

function isBig(value: unknown): boolean {
  return weigh(value, BIG_BYTES) < 0;
}

/** What remains of a budget of bytes, roughly; looks at no more of the value than it needs to find it overdrawn. */
export function weigh(value: unknown, budget: number): number {
  if (typeof value === "string") return budget - value.length;
  if (typeof value !== "object" || value === null) return budget - 8;
  let left = budget - 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = weigh(value[index], left);
    return left;
  }
  for (const key in value) {
    left = weigh((value as Record<string, unknown>)[key], left - key.length - 4);
    if (left < 0) return left;
  }
  return left;
}

/** Reads back what `put` stored, each id once; `known` keeps identity across the turns of one execution. */
export type BlobReader = { payloads: Payloads; known: Map<string, unknown> };

export async function decodeTurn(reader: BlobReader, body: Uint8Array): Promise<readonly Fact[]> {
  const facts = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")) as (
    | Fact
    | BlobsFact
  )[];
  const first = facts[0];
  if (first?.t !== "Blobs") return facts as Fact[];
  await fetchBlobs(reader, first.ids);
  return facts.slice(1).map((fact) => restoreRefs(reader, new Set(first.ids), fact)) as Fact[];
}

export async function fetchBlobs(reader: BlobReader, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (reader.known.has(id)) continue;
    const bytes = await reader.payloads.get(id);
    reader.known.set(
      id,
      JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")),
    );
  }
}

export function restoreRefs(reader: BlobReader, ids: ReadonlySet<string>, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const id = (value as Partial<BlobRef>).$blob;
  if (typeof id === "string" && ids.has(id)) return reader.known.get(id);
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const field = fields[key];
    if (typeof field === "object" && field !== null) fields[key] = restoreRefs(reader, ids, field);
  }
  return value;
}
