// Asking for an erasure: it is in the ledger, outside the database too, before it is answered.
import type { Erasure, ErasureReport, erasureBody, z } from "@auraos/contract";
import type { Deps } from "../../deps.ts";
import { demandProof } from "../../identity/proof.ts";
import type { Caller } from "../../platform/caller.ts";
import { withTenant } from "../../platform/db.ts";
import { type ErasureRow, findErasure, insertErasure } from "./erasureStore.ts";
import { sealRequest } from "./ledger.ts";

export async function requestErasure(
  deps: Deps,
  caller: Caller,
  { reason, ...request }: z.output<typeof erasureBody>,
): Promise<Erasure> {
  demandProof(caller, deps.nowMs());
  const { orgId, actor: by } = caller;
  const { ledger, roots } = deps.protection;
  const id = deps.newId();
  const line = {
    ...{ id, orgId, by, reason: reason ?? null },
    at: new Date(deps.nowMs()).toISOString(),
    ...sealRequest(roots, { id, orgId }, request),
  };
  const row = await withTenant(deps.api, orgId, async (tx) => {
    await insertErasure(tx, line);
    ledger.append(line);
    return (await findErasure(tx, orgId, id)) as ErasureRow;
  });
  deps.protection.wake();
  return erasureView(row);
}

export function erasureView(row: ErasureRow): Erasure {
  const report = row.report === "{}" ? { erased: {}, kept: [] } : (JSON.parse(row.report) as ErasureReport);
  return {
    ...{ id: row.id, state: row.state, reason: row.reason, report },
    ...{ requestedBy: row.by, requestedAt: row.requestedAt.toISOString(), attempts: row.attempts },
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
