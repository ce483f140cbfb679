// Retention of the audit log, for organizations that do not keep it for ever. What is old leaves from the beginning, up to a
// signed checkpoint and no further, so that the chain can be verified from there on. In this order, so that a process that
// ends anywhere in between loses nothing:
//
//   recalculated and compared with the checkpoints   what is broken is evidence and stays
//   -> into the archive                              a file that proves itself, on the disk
//   -> the new beginning, signed                     from now on the chain starts behind them
//   -> an entry that says so                         at the end of the same chain
//   -> removed
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { writeArchive } from "./archive.ts";
import { type Base, baseText, findBase } from "./base.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Audit, AuditFact } from "./createAudit.ts";
import { baseLine, linesOf, ROWS_AT_ONCE } from "./exportLines.ts";
import { deleteTo, isEvidence, type Kept, lastOldEntry, listKept, putBase } from "./leaveStore.ts";
import { readNote, splitNotes, type Verifier } from "./note.ts";
import { listAfter } from "./store.ts";
import { type ChainState, chainFrom, checkpointCheck, firstOf, follow } from "./verifyChain.ts";

const DAY_MS = 86_400_000;

export type LeaveParts = {
  checkpoints: Pick<Checkpoints, "read" | "verifiers" | "sign">;
  audit: Pick<Audit, "note">;
  /** Folder for what leaves; undefined = it is not kept. */
  archiveDir: string | undefined;
  newId: () => string;
  log: Log;
};

/** `owner`: a pool of auraos_owner. Gives how many entries were removed. */
export async function leaveOldEntries(parts: LeaveParts, owner: Pool, nowMs: number): Promise<number> {
  let removed = 0;
  for (const kept of await listKept(owner))
    try {
      removed += await leaveOf(parts, owner, kept, nowMs);
    } catch (error) {
      parts.log("error", "old entries of an audit log stay: they could not be let go", {
        ...{ orgId: kept.orgId, error },
      });
    }
  return removed;
}

async function leaveOf(
  parts: LeaveParts,
  owner: Pool,
  { orgId, days }: Kept,
  nowMs: number,
): Promise<number> {
  if (await isEvidence(owner, orgId)) return 0;
  const base = await findBase(owner, orgId);
  // A process that ended in the middle: what it let go is in the archive.
  const left = base === undefined ? 0 : await deleteTo(owner, orgId, base.seq);
  const after = base?.seq ?? 0;
  const old = await lastOldEntry(owner, { orgId, after, beforeMs: nowMs - days * DAY_MS });
  const verifiers = await parts.checkpoints.verifiers();
  const notes = notesUpTo(await parts.checkpoints.read(orgId), old, verifiers);
  const to = lastSeqOf(notes);
  if (to <= after) return left;

  const range = { orgId, from: after + 1, to };
  const check = checkpointCheck(notes.join("\n---\n"), orgId, verifiers);
  const chain = { state: chainFrom(base) };
  const lines = linesUpTo(owner, { ...range, base, chain, check });
  const file = await keep(parts.archiveDir, range, lines);
  const { hash } = chain.state;
  const removedAt = new Date(nowMs);
  const note = parts.checkpoints.sign(baseText(orgId, { seq: to, hash, removedAt }));
  await putBase(owner, orgId, { seq: to, hash, note, removedAt });
  await parts.audit.note(factOf(parts, range, { days, file }));
  const removed = await deleteTo(owner, orgId, to);
  parts.log("info", "old entries left an audit log", { ...range, file, days });
  return left + removed;
}

/** Checkpoints from the first on, up to the last that covers no more than `seq` entries. */
function notesUpTo(text: string, seq: number, verifiers: readonly Verifier[]): string[] {
  const notes = splitNotes(text);
  const end = notes.findLastIndex((note) => {
    const found = readNote(whole(note), verifiers);
    return found?.isSigned === true && found.checkpoint.seq <= seq;
  });
  return notes.slice(0, end + 1);
}

function lastSeqOf(notes: readonly string[]): number {
  const last = notes.at(-1);
  return last === undefined ? 0 : (readNote(whole(last), [])?.checkpoint.seq ?? 0);
}

function whole(note: string): string {
  return note.endsWith("\n") ? note : `${note}\n`;
}

type Walk = {
  orgId: string;
  to: number;
  base: Base | undefined;
  /** How far it has come. */
  chain: { state: ChainState };
  check: ReturnType<typeof checkpointCheck>;
};

/** Recalculates on the way; throws at the end when something is not as it was written, and then nothing is kept or removed. */
async function* linesUpTo(owner: Pool, { orgId, to, base, chain, check }: Walk): AsyncIterable<Uint8Array> {
  if (base !== undefined) {
    check.entry(base.seq, base.hash);
    yield baseLine(base);
  }
  while (chain.state.seq < to) {
    const rows = await listAfter(owner, orgId, chain.state.seq, ROWS_AT_ONCE);
    const part = rows.filter(({ seq }) => seq <= to);
    if (part.length === 0) break;
    chain.state = follow(chain.state, part, check.entry);
    yield linesOf(part);
  }
  const { brokenAt, reason, seq } = chain.state;
  const inChain = brokenAt === null ? null : { seq: brokenAt, reason: reason ?? "changed" };
  const broken = firstOf(inChain, check.end(seq).broken);
  if (broken !== null || seq !== to)
    throw new Error(
      `The audit log is broken at entry ${broken?.seq ?? seq + 1} (${broken?.reason ?? "missing"}): nothing of it leaves.`,
    );
}

async function keep(
  folder: string | undefined,
  range: { orgId: string; from: number; to: number },
  lines: AsyncIterable<Uint8Array>,
): Promise<string | null> {
  if (folder !== undefined) return writeArchive(folder, range, lines);
  for await (const _ of lines);
  return null;
}

function factOf(
  { newId }: LeaveParts,
  { orgId, from, to }: { orgId: string; from: number; to: number },
  { days, file }: { days: number; file: string | null },
): AuditFact {
  return {
    orgIds: [orgId],
    kind: "change",
    ...{ actor: "retention", userId: null, via: "local", role: "owner", address: null },
    ...{ action: "protection.write", what: "retention of the audit log", object: null, name: "audit" },
    fields: [],
    changes: [
      {
        path: "entries",
        before: `${from} to ${to}`,
        after: file === null ? "removed" : "archived and removed",
      },
      { path: "days", after: days },
    ],
    ...{ outcome: "done", code: null, requestId: newId() },
  };
}
