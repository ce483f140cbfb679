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
import { type Fresh, HIDDEN, type SealedRef, seal } from "./sensitive.ts";

/** Values below this stay where they are, even in a big turn. */
const BIG_BYTES = 32 * 1024;

export type BlobRef = { $blob: string; bytes: number };
type BlobsFact = { t: "Blobs"; ids: string[] };
/** Before the blobs, whose values may refer to it. */
type SealedFact = { t: "Sealed"; ids: string[] };
type Needs = Pick<Reign, "deps" | "limits" | "isOver">;

export function encodeTurn(
  needs: Needs,
  exec: LiveExecution,
  facts: readonly Fact[],
  atMs: number,
): Uint8Array | Promise<Uint8Array> {
  if (exec.sensitive === null) return encodeFacts(needs, exec, facts, atMs, []);
  const fresh: Fresh = [];
  const used = new Set<SealedRef>();
  const safe = seal(exec.sensitive, facts, fresh, used);
  if (used.size === 0) return encodeFacts(needs, exec, safe, atMs, []);
  return putSealed(needs, exec, fresh, atMs).then(() => {
    const sealed: SealedFact = { t: "Sealed", ids: idsOf(used) };
    return encodeFacts(needs, exec, safe, atMs, [sealed]);
  });
}

function encodeFacts(
  needs: Needs,
  exec: LiveExecution,
  facts: readonly Fact[],
  atMs: number,
  head: readonly SealedFact[],
): Uint8Array | Promise<Uint8Array> {
  const text = JSON.stringify(head.length === 0 ? facts : [...head, ...facts]);
  if (text.length <= needs.limits.inlineBytesMax) return Buffer.from(text);
  const moved = newMoved();
  const small = facts.map((fact) => shrinkFields(fact, exec, moved));
  return putAway(needs, exec, moved, atMs).then((ids) => {
    const blobs: BlobsFact[] = ids.length === 0 ? [] : [{ t: "Blobs", ids }];
    return Buffer.from(JSON.stringify([...head, ...blobs, ...small]));
  });
}

/** Durable before the turn that refers to it is. */
function putSealed(needs: Needs, exec: LiveExecution, fresh: Fresh, atMs: number): Promise<void> {
  const { sensitive } = exec;
  if (sensitive === null) return Promise.resolve();
  if (fresh.length === 0) return sensitive.pending;
  const values = fresh.map(({ value }) => value);
  // One after the other: a later turn may refer to what an earlier one puts away.
  sensitive.pending = sensitive.pending.then(async () => {
    const id = await putValue(needs, exec, values, atMs);
    for (const { ref } of fresh) ref.$sealed = id;
  });
  return sensitive.pending;
}

function idsOf(used: ReadonlySet<SealedRef>): string[] {
  return [...new Set([...used].map(({ $sealed }) => $sealed))];
}

/** One value (a snapshot) with its big parts as references, and the ids of those. */
export async function encodeValue(
  needs: Needs,
  exec: LiveExecution,
  value: object,
  atMs: number,
): Promise<{ text: string; blobs: string[]; sealed: string[]; hasWaited: boolean }> {
  const fresh: Fresh = [];
  const used = new Set<SealedRef>();
  const safe = exec.sensitive === null ? value : seal(exec.sensitive, value, fresh, used);
  const moved = newMoved();
  const small = shrinkFields(safe, exec, moved);
  const waiting = putSealed(needs, exec, fresh, atMs).then(() => putAway(needs, exec, moved, atMs));
  // Only what moves is taken later; the rest is written down now, before the state goes on.
  const hasIds = [...used].every(({ $sealed }) => $sealed !== "");
  const text = moved.values.length === 0 && hasIds ? JSON.stringify(small) : null;
  const blobs = await waiting;
  return { text: text ?? JSON.stringify(small), blobs, sealed: idsOf(used), hasWaited: text === null };
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
  for (const { value, ref } of moved.values) {
    ref.$blob = await putValue(needs, exec, value, atMs, (bytes) => {
      ref.bytes = bytes;
    });
    rememberBlob(exec, value, ref.$blob);
    moved.known.add(ref.$blob);
  }
  return [...moved.known];
}

/** Tries until it is durable; "" when the reign is over. */
async function putValue(
  needs: Needs,
  exec: LiveExecution,
  value: unknown,
  atMs: number,
  onBytes: (bytes: number) => void = () => {},
): Promise<string> {
  const { payloads, clock, log } = needs.deps;
  const about = { orgId: exec.about.orgId, executionId: exec.id, atMs };
  const bytes = Buffer.from(JSON.stringify(value));
  onBytes(bytes.byteLength);
  for (let attempt = 0; !needs.isOver; attempt++) {
    try {
      return await payloads.put(about, bytes);
    } catch (error) {
      log("warn", "a payload could not be stored", { executionId: exec.id, error: messageOf(error) });
      await pause(clock, attempt);
    }
  }
  return "";
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
export type BlobReader = {
  payloads: Payloads;
  known: Map<string, unknown>;
  /** Blobs of sensitive values among the known. */
  sealed?: Set<string>;
  /** Only looks: what was erased is shown as a word instead of ending the reading. */
  isViewer?: boolean;
};

export async function decodeTurn(reader: BlobReader, body: Uint8Array): Promise<readonly Fact[]> {
  const facts = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")) as (
    | Fact
    | BlobsFact
    | SealedFact
  )[];
  const sealed = facts[0]?.t === "Sealed" ? facts[0].ids : [];
  const at = sealed.length > 0 ? 1 : 0;
  const second = facts[at];
  const blobs = second?.t === "Blobs" ? second.ids : [];
  if (sealed.length + blobs.length === 0) return facts as Fact[];
  const ids = await fetchBlobs(reader, { sealed, blobs });
  return facts.slice(at + (blobs.length > 0 ? 1 : 0)).map((fact) => restoreRefs(reader, ids, fact)) as Fact[];
}

/** Fetches what is not known yet; gives the ids that references may name. */
export async function fetchBlobs(
  reader: BlobReader,
  { sealed, blobs }: { sealed: readonly string[]; blobs: readonly string[] },
): Promise<ReadonlySet<string>> {
  const ids = new Set([...sealed, ...blobs]);
  for (const id of sealed) {
    reader.sealed ??= new Set();
    reader.sealed.add(id);
    if (!reader.known.has(id)) reader.known.set(id, await fetchSealed(reader, id));
  }
  // A big value may have sensitive ones inside.
  for (const id of blobs)
    if (!reader.known.has(id))
      reader.known.set(id, restoreRefs(reader, new Set(sealed), await fetchBlob(reader, id)));
  return ids;
}

async function fetchBlob(reader: BlobReader, id: string): Promise<unknown> {
  const bytes = await reader.payloads.get(id);
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

async function fetchSealed(reader: BlobReader, id: string): Promise<unknown> {
  try {
    return await fetchBlob(reader, id);
  } catch (error) {
    const { code } = (error as { failure?: { code?: string } }).failure ?? {};
    if (reader.isViewer === true && code === "BLOB_NOT_FOUND") return [];
    throw error;
  }
}

export function restoreRefs(reader: BlobReader, ids: ReadonlySet<string>, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $blob, $sealed, at } = value as Partial<BlobRef & SealedRef>;
  if (typeof $blob === "string" && ids.has($blob)) return reader.known.get($blob);
  if (typeof $sealed === "string" && ids.has($sealed)) {
    const values = reader.known.get($sealed) as unknown[];
    return at !== undefined && at in values ? values[at] : HIDDEN;
  }
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const field = fields[key];
    if (typeof field === "object" && field !== null) fields[key] = restoreRefs(reader, ids, field);
  }
  return value;
}
