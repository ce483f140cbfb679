// The vault: seals and opens texts of an organization. It keeps the organizations' keys (unwrapped, for a while); what is
// sealed stands in the tables of whoever asked.
import { randomBytes } from "node:crypto";
import type { Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import {
  decrypt,
  encrypt,
  KeyGone,
  keyVersionOf,
  type OrgKey,
  openText,
  rewrapText,
  sealText,
} from "./envelope.ts";
import type { RootKeys } from "./rootKeys.ts";
import { deleteOldKeys, findKeys, insertKey, type KeyRow, lockKeys } from "./store.ts";

const CACHE_MS = 300_000;
const CACHE_ENTRIES_MAX = 1000;

/** What a sealed text belongs to: kind of row, its id, its version, which of its texts. */
export type Place = { table: string; id: string; version: number; purpose: string };

export type Vault = {
  seal(tx: Transaction, orgId: string, place: Place, text: Buffer): Promise<Buffer>;
  open(tx: Transaction, orgId: string, place: Place, sealed: Buffer): Promise<Buffer>;
  /** Reads and opens; once more when the key was replaced between the one and the other. */
  reading<T>(read: () => Promise<T>): Promise<T>;
  /** Makes a new key for the organization; `rewrap` then moves each sealed text to it. */
  rotate(tx: Transaction, orgId: string): Promise<number>;
  rewrap(tx: Transaction, orgId: string, place: Place, sealed: Buffer): Promise<Buffer>;
  /** Keys before this version are deleted; what they sealed must have been moved. */
  retire(tx: Transaction, orgId: string, below: number): Promise<void>;
};

export function createVault(options: { roots: RootKeys; nowMs: () => number }): Vault {
  const { roots, nowMs } = options;
  const cache = new Map<string, { keys: Map<number, Buffer>; untilMs: number }>();
  return { seal, open, reading, rotate, rewrap, retire };

  async function seal(tx: Transaction, orgId: string, place: Place, text: Buffer): Promise<Buffer> {
    return sealText(await currentKey(tx, orgId), text, placeOf(orgId, place));
  }

  async function open(tx: Transaction, orgId: string, place: Place, sealed: Buffer): Promise<Buffer> {
    return openText(await keyOf(tx, orgId, keyVersionOf(sealed)), sealed, placeOf(orgId, place));
  }

  async function reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof KeyGone) return read();
      throw error;
    }
  }

  async function rotate(tx: Transaction, orgId: string): Promise<number> {
    await lockKeys(tx, orgId, "alone");
    const version = Math.max(0, ...(await findKeys(tx, orgId)).map((row) => row.version)) + 1;
    await makeKey(tx, orgId, version);
    return version;
  }

  async function retire(tx: Transaction, orgId: string, below: number): Promise<void> {
    await deleteOldKeys(tx, orgId, below);
    cache.delete(orgId);
  }

  async function rewrap(tx: Transaction, orgId: string, place: Place, sealed: Buffer): Promise<Buffer> {
    const before = await keyOf(tx, orgId, keyVersionOf(sealed));
    return rewrapText(before, newest(await unwrapAll(tx, orgId)), sealed, placeOf(orgId, place));
  }

  /** Sealing asks the database each time: a key that was replaced elsewhere is not used any more. */
  async function currentKey(tx: Transaction, orgId: string): Promise<OrgKey> {
    await lockKeys(tx, orgId, "shared");
    const keys = await unwrapAll(tx, orgId);
    if (keys.size > 0) return newest(keys);
    await makeKey(tx, orgId, 1);
    return newest(await unwrapAll(tx, orgId));
  }

  async function keyOf(tx: Transaction, orgId: string, version: number): Promise<Buffer> {
    const known = cache.get(orgId);
    const key = known && known.untilMs > nowMs() ? known.keys.get(version) : undefined;
    if (key) return key;
    const keys = await unwrapAll(tx, orgId);
    if (cache.size >= CACHE_ENTRIES_MAX) cache.clear();
    cache.set(orgId, { keys, untilMs: nowMs() + CACHE_MS });
    const found = keys.get(version);
    if (found) return found;
    throw new KeyGone(`The organization's key ${version} is gone, and what it sealed with it.`);
  }

  async function unwrapAll(tx: Transaction, orgId: string): Promise<Map<number, Buffer>> {
    const rows = await findKeys(tx, orgId);
    return new Map(rows.map((row) => [row.version, unwrap(orgId, row)]));
  }

  function unwrap(orgId: string, row: KeyRow): Buffer {
    const root = roots.find(row.rootId);
    if (!root)
      throw refuse(
        503,
        "VAULT_KEY_MISSING",
        `The root key ${row.rootId} that opens the secrets of this organization is not there.`,
        "Put the vault.keys that belongs to this database into the data folder (or set AURAOS_VAULT_KEY), and start again.",
      );
    return decrypt(root, row.wrapped, keyPlace(orgId, row.version));
  }

  async function makeKey(tx: Transaction, orgId: string, version: number): Promise<void> {
    const wrapped = encrypt(roots.current.key, randomBytes(32), keyPlace(orgId, version));
    await insertKey(tx, orgId, { version, rootId: roots.current.id, wrapped });
  }
}

function newest(keys: Map<number, Buffer>): OrgKey {
  const version = Math.max(...keys.keys());
  return { version, key: keys.get(version) as Buffer };
}

function placeOf(orgId: string, { table, id, version, purpose }: Place): string {
  return JSON.stringify([orgId, table, id, version, purpose]);
}

function keyPlace(orgId: string, version: number): string {
  return JSON.stringify([orgId, "vault_keys", version]);
}
