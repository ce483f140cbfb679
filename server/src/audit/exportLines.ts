// Entries as lines that anybody can recalculate: number, text, hash. A slice says in its first line which hash it goes on from.
import { join } from "node:path";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Base, findBase } from "./base.ts";
import { type AuditRow, findEntry, listAfter, seqsOfTime } from "./store.ts";

export const ROWS_AT_ONCE = 5000;
/** Checks what is exported, without this server. */
export const verifierFile = join(import.meta.dirname, "verify.mjs");

/** The entries of a time; nothing when there is none. */
export async function* exportTime(
  deps: Deps,
  time: { orgId: string; from: string; to: string },
): AsyncIterable<Uint8Array> {
  const seqs = await withTenant(deps.api, time.orgId, (tx) => seqsOfTime(tx, time));
  if (seqs !== undefined) yield* exportLines(deps, time.orgId, seqs);
}

export async function* exportLines(
  deps: Deps,
  orgId: string,
  range: { from?: number; to?: number },
): AsyncIterable<Uint8Array> {
  const { from: wanted = 1, to = Number.MAX_SAFE_INTEGER } = range;
  const base = await withTenant(deps.api, orgId, (tx) => findBase(tx, orgId));
  const from = Math.max(wanted, (base?.seq ?? 0) + 1);
  if (base !== undefined && from === base.seq + 1) yield baseLine(base);
  else if (from > 1) {
    const before = await withTenant(deps.api, orgId, (tx) => findEntry(tx, orgId, from - 1));
    yield lineOf({ before: before?.hash.toString("hex") ?? "", seq: from - 1 });
  }
  for (let after = from - 1; ; ) {
    const rows = await withTenant(deps.api, orgId, (tx) => listAfter(tx, orgId, after, ROWS_AT_ONCE));
    const part = rows.filter(({ seq }) => seq <= to);
    if (part.length > 0) yield linesOf(part);
    if (rows.length < ROWS_AT_ONCE || part.length < rows.length) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

export function linesOf(rows: readonly AuditRow[]): Buffer {
  return Buffer.concat(
    rows.map(({ seq, entry, hash }) => lineOf({ seq, entry, hash: hash.toString("hex") })),
  );
}

/** What was before is gone, and here is who says so. */
export function baseLine({ seq, hash, note }: Base): Buffer {
  return lineOf({ before: hash.toString("hex"), seq, note });
}

function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
