// Envelopes: authenticated encryption (AES-256-GCM) bound to what it belongs to. A sealed text that is moved to another
// place (organization, row, version, purpose) does not open there.
//
//   root key -> wraps the key of an organization -> wraps a data key of one text -> seals the text
//
// sealed = format 1 | key version u32 | nonce 12 | wrapped data key 32 + tag 16 | nonce 12 | text | tag 16
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEAD_BYTES = 5;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

export class EnvelopeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EnvelopeError";
  }
}

/** What sealed it was replaced and deleted: who read it before that reads it again. */
export class KeyGone extends EnvelopeError {}

export function encrypt(key: Buffer, text: Buffer, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

export function decrypt(key: Buffer, sealed: Buffer, place: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new EnvelopeError("A sealed text is cut off.");
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    throw new EnvelopeError("A sealed text was changed, or is not where it belongs.");
  }
}

export type OrgKey = { version: number; key: Buffer };

export function sealText(orgKey: OrgKey, text: Buffer, place: string): Buffer {
  const dataKey = randomBytes(KEY_BYTES);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(FORMAT, 0);
  head.writeUInt32BE(orgKey.version, 1);
  return Buffer.concat([head, encrypt(orgKey.key, dataKey, place), encrypt(dataKey, text, place)]);
}

/** Version of the organization's key that a sealed text needs. */
export function keyVersionOf(sealed: Buffer): number {
  if (sealed.length < HEAD_BYTES + WRAPPED_BYTES || sealed.readUInt8(0) !== FORMAT)
    throw new EnvelopeError("A sealed text has a form that is not known here.");
  return sealed.readUInt32BE(1);
}

export function openText(orgKey: Buffer, sealed: Buffer, place: string): Buffer {
  keyVersionOf(sealed);
  const body = HEAD_BYTES + WRAPPED_BYTES;
  const dataKey = decrypt(orgKey, sealed.subarray(HEAD_BYTES, body), place);
  return decrypt(dataKey, sealed.subarray(body), place);
}

/** The text stays as it is; only its data key is wrapped by another key of the organization. */
export function rewrapText(before: Buffer, after: OrgKey, sealed: Buffer, place: string): Buffer {
  const body = HEAD_BYTES + WRAPPED_BYTES;
  const dataKey = decrypt(before, sealed.subarray(HEAD_BYTES, body), place);
  const head = Buffer.from(sealed.subarray(0, HEAD_BYTES));
  head.writeUInt32BE(after.version, 1);
  return Buffer.concat([head, encrypt(after.key, dataKey, place), sealed.subarray(body)]);
}
