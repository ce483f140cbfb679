// Creates and replaces schedules. A changed rule counts from now; a changed policy leaves the next fire where it is.
import type { ScheduleBody } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { isMeant } from "../platform/etag.ts";
import type { Caller } from "../platform/http.ts";
import { publishedTarget, refuseWrongTrigger } from "../workflows/findTarget.ts";
import { compiled, nextOf, policyText, specOf, specText } from "./compile.ts";
import {
  findSchedule,
  insertSchedule,
  type ScheduleRow,
  setNext,
  setPaused,
  updateSchedule,
} from "./store.ts";

export async function createSchedule(deps: Deps, caller: Caller, body: ScheduleBody): Promise<string> {
  const target = await targetOf(deps, caller, body);
  const id = deps.newId();
  const { orgId, envId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const spec = await compiled(tx, orgId, specOf(body), id);
    const next = nextOf(spec, deps.nowMs());
    await insertSchedule(tx, {
      ...{ id, orgId, envId, actor, managed: false, paused: body.paused === true },
      ...columnsOf(body, target),
      ...next,
    });
  });
  await deps.schedules.sync();
  return id;
}

export async function replaceSchedule(
  deps: Deps,
  caller: Caller,
  request: { id: string; body: ScheduleBody; ifMatch: string | undefined },
): Promise<void> {
  const { id, body } = request;
  const { orgId, actor } = caller;
  const target = await targetOf(deps, caller, body);
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownSchedule(tx, orgId, id);
    refuseManaged(row);
    refuseStale(request.ifMatch, row.revision);
    const spec = await compiled(tx, orgId, specOf(body), id);
    await updateSchedule(tx, { id, orgId, ...columnsOf(body, target) });
    if (specText(body) !== row.spec) await setNext(tx, { id, orgId, ...nextOf(spec, deps.nowMs()) });
    if (body.paused !== undefined && body.paused !== row.paused)
      await setPaused(tx, { id, orgId, paused: body.paused, reason: null, actor });
  });
  await deps.schedules.sync();
}

function columnsOf(body: ScheduleBody, target: { workflowId: string }) {
  return {
    workflowId: target.workflowId,
    trigger: body.trigger ?? null,
    name: body.name,
    spec: specText(body),
    policy: policyText(body),
    input: body.input === undefined ? null : JSON.stringify(body.input),
  };
}

/** It must be published now; which version is started is decided when it fires. */
async function targetOf(deps: Deps, caller: Caller, body: ScheduleBody): Promise<{ workflowId: string }> {
  const target = await publishedTarget(deps, caller, body.workflow);
  if (body.trigger !== undefined) await refuseWrongTrigger(deps, target.versionId, body.trigger);
  return target;
}

type Transaction = Parameters<typeof findSchedule>[0];

/** Locked: nobody else changes it meanwhile. */
export async function ownSchedule(tx: Transaction, orgId: string, id: string): Promise<ScheduleRow> {
  const row = await findSchedule(tx, orgId, id, { lock: true });
  if (!row) throw notFound("schedule with this id", "GET /api/v1/schedules lists those there are.");
  return row;
}

export function refuseManaged(row: ScheduleRow): void {
  if (!row.managed) return;
  throw refuse(
    409,
    "SCHEDULE_MANAGED",
    `The schedule belongs to the trigger "${row.trigger}" of the workflow "${row.workflowName}".`,
    "Change the trigger and publish the workflow; pause and resume work here.",
  );
}

function refuseStale(ifMatch: string | undefined, revision: number): void {
  if (isMeant(ifMatch, revision)) return;
  throw refuse(
    409,
    "SCHEDULE_CHANGED",
    `The schedule was changed in the meantime: it is at "${revision}".`,
    "Read it again, and store with the new etag.",
    { headers: { etag: `"${revision}"` } },
  );
}
