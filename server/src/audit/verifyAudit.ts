// Is the log of an organization as it was written? The chain, its head, and what was signed about it.
import type { AuditReport } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { setTenant, snapshot } from "../platform/db.ts";
import { ROWS_AT_ONCE } from "./exportLines.ts";
import { findHead, listAfter } from "./store.ts";
import { type ChainState, checkpointCheck, compareHead, emptyChain, firstOf, follow } from "./verifyChain.ts";

export async function verifyAudit(deps: Deps, orgId: string): Promise<AuditReport> {
  // Read first: what is signed while the chain is read would be ahead of it.
  const [notes, verifiers] = [await deps.checkpoints.read(orgId), await deps.checkpoints.verifiers()];
  const check = checkpointCheck(notes, orgId, verifiers);
  const state = await chainOf(deps, orgId, check.entry);
  const { count, coveredTo, broken: unsigned } = check.end(state.seq);
  const { brokenAt, reason } = state;
  const inChain = brokenAt === null ? null : { seq: brokenAt, reason: reason ?? "changed" };
  const broken = firstOf(inChain, unsigned);
  return {
    ok: broken === null,
    entries: state.seq,
    head: state.hash.toString("hex"),
    brokenAt: broken?.seq ?? null,
    reason: broken?.reason ?? null,
    checkpoints: count,
    checkpointedTo: coveredTo,
    key: deps.checkpoints.key,
  };
}

/** One picture: what is appended meanwhile belongs to the next check. */
function chainOf(
  deps: Deps,
  orgId: string,
  onEntry: (seq: number, hash: Buffer) => void,
): Promise<ChainState> {
  return snapshot(deps.api, async (tx) => {
    await setTenant(tx, orgId);
    let state = emptyChain;
    for (;;) {
      const rows = await listAfter(tx, orgId, state.seq, ROWS_AT_ONCE);
      state = follow(state, rows, onEntry);
      if (rows.length < ROWS_AT_ONCE) return compareHead(state, await findHead(tx, orgId));
    }
  });
}
