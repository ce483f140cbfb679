// Seals what executions carry (turns, snapshots, inputs, outputs, the inbox, blobs): authenticated encryption under keys of
// the organization, bound to the place of the body. docs/decisions/0005 has the measurements.
//
//   root key -> wraps a payload key (organization, process, day) -> seals bodies: nonce 12 | ciphertext | tag 16
//
// Invariants:
//   C1 a key seals in the process that made it and nowhere else, so a counter is nonce enough: none comes twice
//   C2 a body opens under its organization, at its place, unchanged; else it does not open at all
//   C3 a key that is gone stays gone: what it sealed is erased, and said to be
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { BodyCipher } from "../engine/engine.types.ts";
import { StoreError } from "../engine/store.ts";
import { sqlState } from "../platform/db.ts";
import { decrypt, encrypt } from "./envelope.ts";
import {
  deletePayloadKeysOf,
  findPayloadKeys,
  insertPayloadKey,
  type KeyPool,
  movePayloadKeys,
} from "./payloadKeyStore.ts";
import type { RootKeys } from "./rootKeys.ts";

/** A key is replaced after this long: what one key opens stays small. */
const KEY_MS = 86_400_000;
/** Unwrapped keys in memory: the same age, and no more than this. */
const OPENED_MAX = 20_000;
const OPENED_MS = 300_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

type SealingKey = { id: string; key: KeyObject; count: number; madeMs: number };
type OpeningKey = { orgId: string; key: KeyObject };

export type PayloadCipher = BodyCipher & {
  /**
   * Keys that another root key wraps are wrapped by the current one. Gives the ids of root keys that are needed and not
   * here; of those in `lost` the payload keys are deleted, and what they sealed is given up.
   */
  rewrap(lost: readonly string[]): Promise<{ moved: number; missing: string[] }>;
};

type Needs = {
  pool: KeyPool;
  roots: RootKeys;
  newId: () => string;
  nowMs: () => number;
  /** false: nothing more is sealed; what was stays readable. */
  isOn: boolean;
};

export function createPayloadCipher({ pool, roots, newId, nowMs, isOn }: Needs): PayloadCipher {
  const sealing = new Map<string, SealingKey>();
  const making = new Map<string, Promise<void>>();
  const opened = new Map<string, OpeningKey>();
  let openedMs = nowMs();
  return { isOn, prepare, seal, open, rewrap };

  function prepare(orgIds: Iterable<string>): Promise<void> | undefined {
    if (!isOn) return undefined;
    let waiting: Promise<void>[] | undefined;
    for (const orgId of orgIds) {
      const key = sealing.get(orgId);
      if (key !== undefined && nowMs() - key.madeMs < KEY_MS) continue;
      waiting ??= [];
      waiting.push(makeKey(orgId));
    }
    return waiting && Promise.all(waiting).then(() => {});
  }

  function makeKey(orgId: string): Promise<void> {
    const known = making.get(orgId);
    if (known) return known;
    const made = (async () => {
      const id = newId();
      const bytes = randomBytes(KEY_BYTES);
      const wrapped = encrypt(roots.current.key, bytes, placeOfKey(orgId, id));
      await reaching(insertPayloadKey(pool, { id, orgId, rootId: roots.current.id, wrapped }));
      const key = createSecretKey(bytes);
      bytes.fill(0);
      sealing.set(orgId, { id, key, count: 0, madeMs: nowMs() });
      remember(id, { orgId, key });
    })().finally(() => making.delete(orgId));
    making.set(orgId, made);
    return made;
  }

  function seal(orgId: string, place: string, body: Uint8Array): { keyId: string; body: Buffer } {
    const own = sealing.get(orgId);
    if (own === undefined) throw new Error(`prepare() was not called for organization ${orgId}`);
    const sealed = Buffer.allocUnsafe(NONCE_BYTES + body.length + TAG_BYTES);
    own.count += 1;
    sealed.writeUInt32BE(0, 0);
    sealed.writeBigUInt64BE(BigInt(own.count), 4);
    const cipher = createCipheriv("aes-256-gcm", own.key, sealed.subarray(0, NONCE_BYTES));
    cipher.setAAD(Buffer.from(place));
    sealed.set(cipher.update(body), NONCE_BYTES);
    cipher.final();
    sealed.set(cipher.getAuthTag(), NONCE_BYTES + body.length);
    return { keyId: own.id, body: sealed };
  }

  function open(orgId: string, keyId: string, place: string, sealed: Uint8Array): Buffer | Promise<Buffer> {
    if (nowMs() - openedMs > OPENED_MS) forget();
    const known = opened.get(keyId);
    if (known) return openWith(known, orgId, place, sealed);
    return fetchKey(keyId).then((key) => openWith(key, orgId, place, sealed));
  }

  async function fetchKey(keyId: string): Promise<OpeningKey> {
    const [row] = await reaching(findPayloadKeys(pool, [keyId]));
    if (row === undefined) throw new PayloadErased();
    const root = roots.find(row.rootId);
    if (root === undefined)
      throw new StoreError(
        "unavailable",
        `The root key ${row.rootId}, which opens these payloads, is not there. Put the vault.keys that belongs to this database into the data folder (or set AURAOS_VAULT_KEY), and start again.`,
      );
    const bytes = decrypt(root, row.wrapped, placeOfKey(row.orgId, row.id));
    const key = { orgId: row.orgId, key: createSecretKey(bytes) };
    bytes.fill(0);
    remember(keyId, key);
    return key;
  }

  function remember(keyId: string, key: OpeningKey): void {
    if (opened.size >= OPENED_MAX) forget();
    opened.set(keyId, key);
  }

  /** Also how a key that was deleted elsewhere stops to open here. */
  function forget(): void {
    opened.clear();
    openedMs = nowMs();
  }

  async function rewrap(lost: readonly string[]): Promise<{ moved: number; missing: string[] }> {
    await deletePayloadKeysOf(
      pool,
      lost.filter((id) => roots.find(id) === undefined),
    );
    return movePayloadKeys(pool, roots.current.id, (row) => {
      const root = roots.find(row.rootId);
      if (root === undefined) return undefined;
      const place = placeOfKey(row.orgId, row.id);
      return encrypt(roots.current.key, decrypt(root, row.wrapped, place), place);
    });
  }
}

/** The key was deleted: erasing it was erasing this. */
export class PayloadErased extends StoreError {
  constructor() {
    super("corrupt", "The data of this execution was erased with its key.");
    this.name = "PayloadErased";
  }
}

function openWith(
  { orgId: owner, key }: OpeningKey,
  orgId: string,
  place: string,
  sealed: Uint8Array,
): Buffer {
  if (owner !== orgId || sealed.length < NONCE_BYTES + TAG_BYTES) throw changed();
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end));
  try {
    const text = decipher.update(sealed.subarray(NONCE_BYTES, end));
    decipher.final();
    return text;
  } catch {
    throw changed();
  }
}

function changed(): StoreError {
  return new StoreError("corrupt", "A sealed body was changed, or is not where it belongs.");
}

function placeOfKey(orgId: string, id: string): string {
  return JSON.stringify([orgId, "payload_keys", id]);
}

/** Nothing was written yet, so whoever waits may wait and ask again. */
async function reaching<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const kind = sqlState(error)?.startsWith("53") ? "full" : "unavailable";
    throw new StoreError(kind, `payload keys: ${message}`, { cause: error });
  }
}
