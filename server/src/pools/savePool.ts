// Makes, changes and deletes pools. A limit that is lowered takes nothing back: what runs ends by itself.
import type { PoolBody } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { isMeant } from "../platform/etag.ts";
import type { Caller } from "../platform/http.ts";
import { deletePool as deleteRow, findRevision, findUser, putPool } from "./store.ts";

export async function savePool(
  deps: Deps,
  caller: Caller,
  request: { name: string; body: PoolBody; ifMatch: string | undefined },
): Promise<void> {
  const { name, body } = request;
  const { orgId } = caller;
  refuseWrongScope(body);
  await withTenant(deps.api, orgId, async (tx) => {
    const revision = await findRevision(tx, orgId, name);
    refuseStale(request.ifMatch, revision);
    const { scope, scopeId, slots, rate, weights, paused } = body;
    await putPool(tx, {
      ...{ orgId, name, scope, scopeId: scopeId ?? null, slots: slots ?? null, paused },
      ...{
        rateCount: rate?.count ?? null,
        rateSeconds: rate?.seconds ?? null,
        weights: JSON.stringify(weights),
      },
    });
  });
  await deps.gate.refresh();
  deps.tasks.sync();
}

export async function deletePool(deps: Deps, caller: Caller, name: string): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const user = await findUser(tx, orgId, name);
    if (user !== undefined)
      throw refuse(409, "POOL_IN_USE", `${user} takes places of it.`, "Take it out there first.");
    if (!(await deleteRow(tx, orgId, name))) throw notFound("pool with this name");
  });
  await deps.gate.refresh();
  deps.tasks.sync();
}

function refuseWrongScope({ scope, scopeId }: PoolBody): void {
  const needsId = scope === "workflow" || scope === "connection";
  if (needsId === (scopeId !== undefined)) return;
  const message = needsId ? `A pool of a ${scope} needs its id.` : `A pool of scope "${scope}" has no id.`;
  const remedy = needsId ? "Give it in `scopeId`." : "Leave `scopeId` out.";
  throw refuse(422, "POOL_INVALID", message, remedy, {
    problems: [{ code: "SCOPE_ID", message, remedy, path: "/scopeId", field: "scopeId" }],
  });
}

function refuseStale(ifMatch: string | undefined, revision: number | undefined): void {
  if (isMeant(ifMatch, revision)) return;
  throw refuse(
    409,
    "POOL_CHANGED",
    "The pool was changed in the meantime.",
    "Read it again, and store with the new etag.",
  );
}
