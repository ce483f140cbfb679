// Keys of persons: what is sealed for somebody can be read while the key is there, and is noise everywhere, copies
// included, once it was destroyed. A key is wrapped by a root key that is not in the database.
//
// sealed text = subject:1:<id of the key>:<base64url of nonce | text | tag>, bound to its organization
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Transaction } from "../platform/db.ts";
import { decrypt, EnvelopeError, encrypt } from "../vault/envelope.ts";
import type { KeyRing } from "../vault/rootKeys.ts";
import { deleteSubjectKey, findSubjectKey, findSubjectKeyById, insertSubjectKey } from "./subjectStore.ts";

const CACHE_MS = 60_000;
const CACHE_ENTRIES_MAX = 5_000;
const SEALED = /^subject:1:([0-9a-f-]{36}):([A-Za-z0-9_-]+)$/;

export type SubjectKeys = {
  /** `subject`: how the person is named, such as an address or an id; the same name always finds the same key. */
  sealForSubject(tx: Transaction, orgId: string, subject: string, text: string): Promise<string>;
  /** Undefined: the key was destroyed, and nobody will ever read it again. Throws for a text that was changed. */
  openForSubject(tx: Transaction, orgId: string, sealed: string): Promise<string | undefined>;
  /** True when there was a key. */
  destroySubject(tx: Transaction, orgId: string, subject: string): Promise<boolean>;
};

export function createSubjectKeys(options: { roots: KeyRing; nowMs: () => number }): SubjectKeys {
  const { roots, nowMs } = options;
  type Known = { id: string; key: Buffer; untilMs: number };
  const byMark = new Map<string, Known>();
  const byId = new Map<string, Known>();
  return { sealForSubject, openForSubject, destroySubject };

  async function sealForSubject(tx: Transaction, orgId: string, subject: string, text: string) {
    const { id, key } = await keyFor(tx, orgId, subject);
    return `subject:1:${id}:${encrypt(key, Buffer.from(text), placeOf(orgId, id)).toString("base64url")}`;
  }

  async function openForSubject(tx: Transaction, orgId: string, sealed: string) {
    const [, id = "", body = ""] = SEALED.exec(sealed) ?? [];
    if (id === "") throw new EnvelopeError("A text sealed for a person has a form that is not known here.");
    const key = await keyById(tx, orgId, id);
    return key && decrypt(key, Buffer.from(body, "base64url"), placeOf(orgId, id)).toString();
  }

  async function destroySubject(tx: Transaction, orgId: string, subject: string) {
    byMark.clear();
    byId.clear();
    return deleteSubjectKey(tx, orgId, marksOf(orgId, subject));
  }

  async function keyFor(tx: Transaction, orgId: string, subject: string): Promise<Known> {
    const name = `${orgId} ${subjectName(subject)}`;
    const known = byMark.get(name);
    if (known && known.untilMs > nowMs()) return known;
    const marks = marksOf(orgId, subject);
    const found = (await findSubjectKey(tx, orgId, marks)) ?? (await make(tx, orgId, marks));
    return remember(byMark, name, { id: found.id, key: unwrap(orgId, found), untilMs: nowMs() + CACHE_MS });
  }

  async function keyById(tx: Transaction, orgId: string, id: string): Promise<Buffer | undefined> {
    const name = `${orgId} ${id}`;
    const known = byId.get(name);
    if (known && known.untilMs > nowMs()) return known.key;
    const found = await findSubjectKeyById(tx, orgId, id);
    if (!found) return undefined;
    return remember(byId, name, { id, key: unwrap(orgId, found), untilMs: nowMs() + CACHE_MS }).key;
  }

  async function make(tx: Transaction, orgId: string, marks: Buffer[]) {
    const [mark] = marks as [Buffer];
    const id = randomUUID();
    const wrapped = encrypt(roots.current.key, randomBytes(32), keyPlace(orgId, id));
    await insertSubjectKey(tx, orgId, { id, mark, rootId: roots.current.id, wrapped });
    // Of two that make it at once, one has won.
    const made = await findSubjectKey(tx, orgId, marks);
    if (!made) throw new Error("the key of a person was destroyed while it was made");
    return made;
  }

  function unwrap(orgId: string, { id, rootId, wrapped }: { id: string; rootId: string; wrapped: Buffer }) {
    const root = roots.find(rootId);
    if (!root) throw new EnvelopeError(`The root key ${rootId} that opens the keys of persons is not there.`);
    return decrypt(root, wrapped, keyPlace(orgId, id));
  }

  /** Under each root key, the current one first: a mark that an older one made is still found. */
  function marksOf(orgId: string, subject: string): Buffer[] {
    const name = JSON.stringify([orgId, subjectName(subject)]);
    return roots.ids.map((id) =>
      createHmac("sha256", roots.find(id) as Buffer)
        .update(name)
        .digest(),
    );
  }

  function remember(cache: Map<string, Known>, name: string, known: Known): Known {
    if (cache.size >= CACHE_ENTRIES_MAX) cache.clear();
    cache.set(name, known);
    return known;
  }
}

/** Addresses are the same in any case. */
function subjectName(subject: string): string {
  return subject.normalize("NFC").trim().toLowerCase();
}

function placeOf(orgId: string, id: string): string {
  return JSON.stringify([orgId, "subject", id]);
}

function keyPlace(orgId: string, id: string): string {
  return JSON.stringify([orgId, "subject_keys", id]);
}
