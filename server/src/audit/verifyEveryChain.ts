// The audit chains of all organizations, as the owner of the tables sees them: for a database that was just restored.
import type { Transaction } from "../platform/db.ts";
import { findBase } from "./base.ts";
import { findHead, listAfter } from "./store.ts";
import { type ChainState, chainFrom, compareHead, follow } from "./verifyChain.ts";

const ROWS_AT_ONCE = 5000;

export type ChainReport = { organizations: number; entries: number; broken: { orgId: string; at: number }[] };

/** In a transaction of one picture, by a role that sees every organization. */
export async function verifyEveryChain(tx: Transaction): Promise<ChainReport> {
  const { rows: organizations } = await tx.query<{ id: string }>("SELECT id FROM organizations ORDER BY id");
  const report: ChainReport = { organizations: organizations.length, entries: 0, broken: [] };
  for (const { id } of organizations) {
    const base = await findBase(tx, id);
    let state: ChainState = chainFrom(base);
    for (let more = true; more; ) {
      const rows = await listAfter(tx, id, state.seq, ROWS_AT_ONCE);
      state = follow(state, rows);
      more = rows.length === ROWS_AT_ONCE;
    }
    state = compareHead(state, await findHead(tx, id));
    report.entries += state.seq - (base?.seq ?? 0);
    if (state.brokenAt !== null) report.broken.push({ orgId: id, at: state.brokenAt });
  }
  return report;
}
