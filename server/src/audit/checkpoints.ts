// Each minute in which something was written, the process that leads signs how far every chain has come and adds that to a
// file outside the data folder, one for each organization. Whoever has the database and can calculate a whole chain anew
// is found by these; whoever has the files and the key as well is not, so they belong on another disk or machine.
import { hkdfSync } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import {
  MARK_BYTES,
  NO_CHECKPOINT_BEFORE,
  readNote,
  type Signer,
  sha256Of,
  signerOf,
  signText,
  splitNotes,
  type Verifier,
  verifierKeyOf,
  verifierOf,
  writeNote,
} from "./note.ts";
import { type HeadRow, hashesAfter, listHeads } from "./store.ts";

export type Checkpoints = {
  /** How many were written. */
  write(): Promise<number>;
  /** All notes of an organization as they stand in the file; "" = none yet. */
  read(orgId: string): Promise<string>;
  /** Of this server and of those that signed into the same folder before. */
  verifiers(): Promise<Verifier[]>;
  /** Another text signed with the same key, as a note. */
  sign(text: string): string;
  /** Of this server, in the form name+id+key. */
  key: string;
  stop(): Promise<void>;
};

const EVERY_MS = 60_000;
/** More than that since the last one are covered by the hash alone. */
const MARKS_MAX = 4096;
const KEYS_FILE = "keys.txt";

type Known = { seq: number; sha256: string };

export function createCheckpoints(options: {
  pool: Pool;
  folder: string;
  rootKey: Buffer;
  isLeading: () => boolean;
  nowMs: () => number;
  log: Log;
}): Checkpoints {
  const { pool, folder, nowMs, log } = options;
  const seed = Buffer.from(hkdfSync("sha256", options.rootKey, "", "auraos audit checkpoints", 32));
  const signer: Signer = signerOf(seed);
  const key = verifierKeyOf(signer);
  const known = new Map<string, Known>();
  let isOver = false;
  let ready: Promise<void> | undefined;
  let working: Promise<number> | undefined;
  let timer = arm();
  return {
    write,
    read: readNotes,
    verifiers,
    sign: (text) => signText(text, signer),
    key,
    async stop() {
      isOver = true;
      clearTimeout(timer);
      if (options.isLeading()) await tryToWrite();
    },
  };

  function arm(): NodeJS.Timeout {
    return setTimeout(async () => {
      if (options.isLeading()) await tryToWrite();
      if (!isOver) timer = arm();
    }, EVERY_MS).unref();
  }

  async function tryToWrite(): Promise<void> {
    await write().catch((error: unknown) =>
      log("error", "the audit log could not be checkpointed", { folder, error }),
    );
  }

  function write(): Promise<number> {
    working ??= writeAll().finally(() => {
      working = undefined;
    });
    return working;
  }

  async function writeAll(): Promise<number> {
    const heads = await listHeads(pool);
    let written = 0;
    for (const head of heads) {
      if (head.seq === 0 || known.get(head.orgId)?.seq === head.seq) continue;
      ready ??= prepare();
      await ready;
      if (await writeOne(head)) written += 1;
    }
    return written;
  }

  async function writeOne(head: HeadRow): Promise<boolean> {
    const { orgId, seq, hash } = head;
    const last = known.get(orgId) ?? (await lastOf(orgId));
    if (last.seq === seq) {
      known.set(orgId, last);
      return false;
    }
    // Signing what contradicts an earlier signature would only blur where it was broken.
    if (last.seq > seq) {
      log("error", "the audit log is shorter than its last checkpoint: entries were removed", {
        ...{ orgId, entries: seq, checkpointed: last.seq },
      });
      return false;
    }
    const isShort = seq - last.seq <= MARKS_MAX;
    const hashes = isShort ? await hashesAfter(pool, orgId, { after: last.seq, to: seq }) : [];
    const marks = Buffer.concat(hashes.map((one) => one.subarray(0, MARK_BYTES)));
    const note = writeNote(
      {
        ...{ orgId, seq, hash, at: new Date(nowMs()).toISOString(), before: last.sha256 },
        ...(isShort ? { marks } : {}),
      },
      signer,
    );
    const separator = last.seq === 0 ? "" : "---\n";
    await appendFile(fileOf(orgId), separator + note, { mode: 0o600, flush: true });
    known.set(orgId, { seq, sha256: sha256Of(note.trimEnd()) });
    return true;
  }

  async function lastOf(orgId: string): Promise<Known> {
    const last = splitNotes(await readNotes(orgId)).at(-1);
    const found = last === undefined ? undefined : readNote(last, []);
    if (last === undefined || found === undefined) return { seq: 0, sha256: NO_CHECKPOINT_BEFORE };
    return { seq: found.checkpoint.seq, sha256: sha256Of(last.trimEnd()) };
  }

  /** The key stands beside the notes; a copy elsewhere is what makes them proof. */
  async function prepare(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const keys = await textOf(join(folder, KEYS_FILE));
    if (!keys.split("\n").includes(key))
      await appendFile(join(folder, KEYS_FILE), `${key}\n`, { mode: 0o600 });
  }

  function readNotes(orgId: string): Promise<string> {
    return textOf(fileOf(orgId));
  }

  async function verifiers(): Promise<Verifier[]> {
    const keys = await textOf(join(folder, KEYS_FILE));
    return [key, ...keys.split("\n")].flatMap((text) => verifierOf(text) ?? []);
  }

  function fileOf(orgId: string): string {
    return join(folder, `${orgId}.txt`);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
