// Signed checkpoints in the form of C2SP signed notes (https://c2sp.org/signed-note): a text, an empty line, and a signature
// with Ed25519 whose key is named. Any program that knows the form can check them.
//
//   auraos.local/audit/ORGANIZATION      whose chain
//   1742                                 entries so far
//   BASE64                               hash of the last one
//   at 2026-11-26T00:20:00.000Z
//   before HEX                           sha256 of the checkpoint before; zeros for the first
//   entries BASE64                       first four bytes of each hash since then, so that the exact entry can be named
//
//   — KEYNAME BASE64                     four bytes of the key's id, then the signature
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

export type Checkpoint = {
  orgId: string;
  seq: number;
  hash: Buffer;
  at: string;
  before: string;
  /** Absent when there were too many since the one before. */
  marks?: Buffer;
};

export type Signer = { name: string; keyId: Buffer; publicKey: Buffer; privateKey: KeyObject };
export type Verifier = { name: string; keyId: Buffer; publicKey: KeyObject };

const ORIGIN = "auraos.local/audit/";
const ALGORITHM_ED25519 = 1;
export const MARK_BYTES = 4;
const KEY_ID_BYTES = 4;
/** DER around the 32 bytes of a key, as RFC 8410 has it. */
const PRIVATE_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_HEAD = Buffer.from("302a300506032b6570032100", "hex");

export function signerOf(seed: Buffer): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PRIVATE_HEAD, seed]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  const name = `auraos-audit-${createHash("sha256").update(publicKey).digest("hex").slice(0, 8)}`;
  return { name, keyId: keyIdOf(name, publicKey), publicKey, privateKey };
}

function keyIdOf(name: string, publicKey: Buffer): Buffer {
  const algorithm = Buffer.from([ALGORITHM_ED25519]);
  return createHash("sha256").update(`${name}\n`).update(algorithm).update(publicKey).digest().subarray(0, 4);
}

/** name+id+key: what somebody needs to check the notes of this signer. */
export function verifierKeyOf({ name, keyId, publicKey }: Signer): string {
  const key = Buffer.concat([Buffer.from([ALGORITHM_ED25519]), publicKey]).toString("base64");
  return `${name}+${keyId.toString("hex")}+${key}`;
}

export function verifierOf(text: string): Verifier | undefined {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (name === undefined || id === undefined || key === undefined) return undefined;
  const bytes = Buffer.from(key, "base64");
  const raw = bytes.subarray(1);
  if (bytes[0] !== ALGORITHM_ED25519 || raw.length !== 32) return undefined;
  const keyId = keyIdOf(name, raw);
  if (keyId.toString("hex") !== id) return undefined;
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: "der", type: "spki" });
  return { name, keyId, publicKey };
}

export function writeNote(checkpoint: Checkpoint, signer: Signer): string {
  const { orgId, seq, hash, at, before, marks } = checkpoint;
  const lines = [ORIGIN + orgId, String(seq), hash.toString("base64"), `at ${at}`, `before ${before}`];
  if (marks !== undefined) lines.push(`entries ${marks.toString("base64")}`);
  return signText(`${lines.join("\n")}\n`, signer);
}

/** `text` ends with a line end. */
export function signText(text: string, signer: Signer): string {
  const signature = sign(null, Buffer.from(text), signer.privateKey);
  return `${text}\n— ${signer.name} ${Buffer.concat([signer.keyId, signature]).toString("base64")}\n`;
}

export type ReadNote = { checkpoint: Checkpoint; isSigned: boolean; sha256: string };

/** Undefined = this is no checkpoint of ours. */
export function readNote(note: string, verifiers: readonly Verifier[]): ReadNote | undefined {
  const { text, isSigned } = readSigned(note, verifiers);
  const [origin = "", seq = "", hash = "", ...more] = text.trimEnd().split("\n");
  if (!origin.startsWith(ORIGIN) || !/^\d+$/.test(seq)) return undefined;
  const field = (name: string) =>
    more.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
  const marks = field("entries");
  const checkpoint: Checkpoint = {
    orgId: origin.slice(ORIGIN.length),
    seq: Number(seq),
    hash: Buffer.from(hash, "base64"),
    at: field("at"),
    before: field("before"),
    ...(marks === "" ? {} : { marks: Buffer.from(marks, "base64") }),
  };
  return { checkpoint, isSigned, sha256: sha256Of(note) };
}

/** What a note says, and whether one of these signed it; "" = it is no note. */
export function readSigned(
  note: string,
  verifiers: readonly Verifier[],
): { text: string; isSigned: boolean } {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) return { text: "", isSigned: false };
  const text = note.slice(0, cut + 1);
  const signatures = note
    .slice(cut + 2)
    .split("\n")
    .map((line) => /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line));
  const isSigned = signatures.some((found) => {
    const signature = Buffer.from(found?.[2] ?? "", "base64");
    const verifier = verifiers.find(
      ({ name, keyId }) => name === found?.[1] && keyId.equals(signature.subarray(0, KEY_ID_BYTES)),
    );
    return (
      verifier !== undefined &&
      verify(null, Buffer.from(text), verifier.publicKey, signature.subarray(KEY_ID_BYTES))
    );
  });
  return { text, isSigned };
}

/** Notes of a file, one after the other, with a line of three dashes between them. */
export function splitNotes(text: string): string[] {
  return text.split("\n---\n").filter((note) => note.trim() !== "");
}

export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export const NO_CHECKPOINT_BEFORE = "0".repeat(64);
