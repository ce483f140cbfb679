// Legal holds: nothing of what is held is swept or erased until somebody ends the hold.
import type { LegalHold, legalHoldBody, z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { demandProof } from "../identity/proof.ts";
import type { Caller } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { findHold, type HoldRow, insertHold, releaseHold, targetExists } from "./holdStore.ts";

export async function placeHold(
  deps: Deps,
  { orgId, actor }: Caller,
  { kind, targetId, reason }: z.output<typeof legalHoldBody>,
): Promise<LegalHold> {
  const id = deps.newId();
  return withTenant(deps.api, orgId, async (tx) => {
    if (!(await targetExists(tx, orgId, kind, targetId))) throw notFound(`${kind} with this id`);
    if (!(await insertHold(tx, { id, orgId, kind, targetId, reason, placedBy: actor })))
      throw refuse(
        409,
        "HELD_ALREADY",
        `This ${kind} is held already.`,
        "GET .../holds shows by whom and why.",
      );
    return holdView((await findHold(tx, orgId, id)) as HoldRow);
  });
}

/** What was held may go with the next sweep: that wants a proof. */
export async function endHold(deps: Deps, caller: Caller, id: string): Promise<LegalHold> {
  demandProof(caller, deps.nowMs());
  const { orgId, actor } = caller;
  return withTenant(deps.api, orgId, async (tx) => {
    if (!(await releaseHold(tx, orgId, id, actor))) throw notFound("open hold with this id");
    return holdView((await findHold(tx, orgId, id)) as HoldRow);
  });
}

export function holdView({ placedAt, releasedAt, ...row }: HoldRow): LegalHold {
  return { ...row, placedAt: placedAt.toISOString(), releasedAt: releasedAt?.toISOString() ?? null };
}
