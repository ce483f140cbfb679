// Is the log of an organization as it was written? The chain, its head, and what was signed about it.
import type { AuditReport } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { setTenant, snapshot } from "../platform/db.ts";
import { type Base, findBase, isBaseSigned } from "./base.ts";
import { ROWS_AT_ONCE } from "./exportLines.ts";
import { findHead, listAfter } from "./store.ts";
import {
  type Breach,
  type ChainState,
  chainFrom,
  checkpointCheck,
  compareHead,
  firstOf,
  follow,
} from "./verifyChain.ts";

export async function verifyAudit(deps: Deps, orgId: string): Promise<AuditReport> {
  // Read first: what is signed while the chain is read would be ahead of it.
  const [notes, verifiers] = [await deps.checkpoints.read(orgId), await deps.checkpoints.verifiers()];
  const check = checkpointCheck(notes, orgId, verifiers);
  const { state, base } = await chainOf(deps, orgId, check.entry);
  const { count, coveredTo, broken: unsigned } = check.end(state.seq);
  const { brokenAt, reason } = state;
  const inChain = brokenAt === null ? null : { seq: brokenAt, reason: reason ?? "changed" };
  const cutOff: Breach | null =
    base === undefined || isBaseSigned(orgId, base, verifiers) ? null : { seq: 1, reason: "missing" };
  const broken = firstOf(firstOf(inChain, unsigned), cutOff);
  return {
    ok: broken === null,
    entries: state.seq,
    from: (base?.seq ?? 0) + 1,
    removedAt: base?.removedAt.toISOString() ?? null,
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
): Promise<{ state: ChainState; base: Base | undefined }> {
  return snapshot(deps.api, async (tx) => {
    await setTenant(tx, orgId);
    const base = await findBase(tx, orgId);
    // A checkpoint has seen it: what is said of the beginning has to agree.
    if (base !== undefined) onEntry(base.seq, base.hash);
    let state = chainFrom(base);
    for (;;) {
      const rows = await listAfter(tx, orgId, state.seq, ROWS_AT_ONCE);
      state = follow(state, rows, onEntry);
      if (rows.length < ROWS_AT_ONCE) return { state: compareHead(state, await findHead(tx, orgId)), base };
    }
  });
}
