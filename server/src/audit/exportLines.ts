// Entries as lines that anybody can recalculate: number, text, hash. A slice says in its first line which hash it goes on from.
import { join } from "node:path";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { findEntry, listAfter, seqsOfTime } from "./store.ts";

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
  const { from = 1, to = Number.MAX_SAFE_INTEGER } = range;
  if (from > 1) {
    const before = await withTenant(deps.api, orgId, (tx) => findEntry(tx, orgId, from - 1));
    yield line({ before: before?.hash.toString("hex") ?? "", seq: from - 1 });
  }
  for (let after = from - 1; ; ) {
    const rows = await withTenant(deps.api, orgId, (tx) => listAfter(tx, orgId, after, ROWS_AT_ONCE));
    const wanted = rows.filter(({ seq }) => seq <= to);
    if (wanted.length > 0)
      yield Buffer.concat(
        wanted.map(({ seq, entry, hash }) => line({ seq, entry, hash: hash.toString("hex") })),
      );
    if (rows.length < ROWS_AT_ONCE || wanted.length < rows.length) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
