// Checks an export of the AuraOS audit log without the server, with nothing but Node.js 20 or newer:
//
//   node verify.mjs audit.jsonl checkpoints.txt 'auraos-audit-...+...+...'
//
// The key is the line that the server gave (GET /api/v1/audit/verify, `key`) when you noted it; taking it from beside the
// checkpoints proves less. What does not begin with entry 1 has its own first line {"before": HEX, "seq": N}; when the entries
// before have left with their retention, with a note that the server signed about it. A file that ends in .gz is unpacked.
// Exit code: 0 everything fits, 1 something was changed, removed or inserted, 2 wrong use.
import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const [logFile, notesFile, ...keys] = process.argv.slice(2);
if (logFile === undefined) {
  console.error("node verify.mjs audit.jsonl [checkpoints.txt KEY...]");
  process.exit(2);
}
const sha256 = (...parts) => parts.reduce((sum, part) => sum.update(part), createHash("sha256")).digest();

const verifiers = keys.map((text) => {
  const [name, id, ...rest] = text.trim().split("+");
  const bytes = Buffer.from(rest.join("+"), "base64");
  const keyId = sha256(`${name}\n`, bytes).subarray(0, 4);
  if (bytes.length !== 33 || bytes[0] !== 1 || keyId.toString("hex") !== id) {
    console.error(`This is no key of checkpoints: ${text}`);
    process.exit(2);
  }
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes.subarray(1)]);
  return { name, keyId, key: createPublicKey({ key: der, format: "der", type: "spki" }) };
});

function readSigned(note) {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const isSigned = note
    .slice(cut + 2)
    .split("\n")
    .some((line) => {
      const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(base64 ?? "", "base64");
      const found = verifiers.find((one) => one.name === name && one.keyId.equals(bytes.subarray(0, 4)));
      return found !== undefined && verify(null, Buffer.from(text), found.key, bytes.subarray(4));
    });
  return { text, isSigned };
}

let broken;
const breach = (seq, reason) => {
  if (broken === undefined || seq < broken.seq) broken = { seq, reason };
};

// Checkpoints: seq -> hash, and four bytes of each entry's hash.
const ends = new Map();
const marks = new Map();
const notes =
  notesFile === undefined
    ? []
    : readFileSync(notesFile, "utf8")
        .split("\n---\n")
        .filter((note) => note.trim() !== "");
let last = 0;
let before = "0".repeat(64);
for (const raw of notes) {
  const note = raw.trimEnd();
  const { text, isSigned } = readSigned(note);
  const [, seqText, hash, ...fields] = text.trimEnd().split("\n");
  const seq = Number(seqText);
  if (!isSigned || !(seq > last)) {
    breach(last + 1, "a checkpoint after this place is not signed by the key that was given");
    continue;
  }
  const field = (name) => fields.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  if (field("before") !== before) breach(last + 1, "a checkpoint is missing before this place");
  before = sha256(note).toString("hex");
  const bytes = Buffer.from(field("entries") ?? "", "base64");
  if (bytes.length === (seq - last) * 4)
    for (let at = 0; at < bytes.length; at += 4) marks.set(last + 1 + at / 4, bytes.subarray(at, at + 4));
  ends.set(seq, { hash: Buffer.from(hash, "base64"), from: bytes.length > 0 ? seq : last + 1 });
  last = seq;
}

let seq = 0;
let hash = Buffer.alloc(32);
let count = 0;
let from = 1;
const file = createReadStream(logFile);
const input = logFile.endsWith(".gz") ? file.pipe(createGunzip()) : file;
const lines = createInterface({ input, crlfDelay: Infinity });
for await (const line of lines) {
  if (line === "") continue;
  const one = JSON.parse(line);
  if (one.before !== undefined && count === 0) {
    hash = Buffer.from(one.before, "hex");
    seq = one.seq;
    from = seq + 1;
    const end = ends.get(seq);
    if (end !== undefined && !end.hash.equals(hash))
      breach(from, "the entries before are not those of their checkpoint");
    if (one.note !== undefined && verifiers.length > 0) {
      const { text, isSigned } = readSigned(one.note);
      const [origin, left, base64] = text.split("\n");
      const isOurs = origin?.startsWith("auraos.local/audit-base/") && Number(left) === seq;
      if (!isSigned || !isOurs || !Buffer.from(base64, "base64").equals(hash))
        breach(1, "the beginning was cut off, and no server signed that it let it go");
    }
    continue;
  }
  count += 1;
  const expected = sha256(hash, `${one.seq}|${one.entry}`);
  const written = Buffer.from(one.hash, "hex");
  if (one.seq !== seq + 1) breach(Math.min(one.seq, seq + 1), "an entry is missing here");
  else if (!expected.equals(written)) breach(one.seq, "the entry is not as it was written");
  seq = one.seq;
  hash = written;
  const mark = marks.get(seq);
  if (mark !== undefined && !mark.equals(hash.subarray(0, 4)))
    breach(seq, "the entry was written anew after its checkpoint");
  const end = ends.get(seq);
  if (end !== undefined && !end.hash.equals(hash)) breach(end.from, "written anew after its checkpoint");
}
// A slice may end before the last checkpoint; a whole log may not.
const isSlice = process.env.AURAOS_SLICE === "1";
if (last > seq && !isSlice) breach(seq + 1, "entries are missing that a checkpoint has seen");

console.log(`${count} entries from ${from} to ${seq}, ${notes.length} checkpoints up to ${last}`);
if (broken === undefined) console.log("Everything is as it was written.");
else {
  console.log(`BROKEN at entry ${broken.seq}: ${broken.reason}.`);
  process.exitCode = 1;
}
