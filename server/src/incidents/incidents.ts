// What people do during an incident. Each act is written down in the transaction that does it; what reaches beyond the database
// (steps, executions, keys in memory) follows at once.
import type { Incident, IncidentSummary } from "@auraos/contract";
import { endKeys } from "../access/endKeys.ts";
import type { Deps } from "../deps.ts";
import { endSessionsOf, findMember } from "../identity/endSessions.ts";
import type { Caller } from "../platform/caller.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { writeReport } from "./report.ts";
import {
  type ActKind,
  type ActRow,
  closeIncidentRow,
  type FreezeView,
  findIncident,
  findWorkflow,
  type IncidentRow,
  insertAct,
  insertFreeze,
  insertIncident,
  liftFreezes,
  listActs,
  listFreezes,
} from "./store.ts";

export type Dossier = { incident: IncidentRow; acts: ActRow[]; freezes: FreezeView[] };

export async function openIncident(
  deps: Deps,
  caller: Caller,
  body: { title: string; severity: string; note?: string | undefined },
): Promise<Incident> {
  const id = deps.newId();
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    await insertIncident(tx, { id, orgId, title: body.title, severity: body.severity, actor });
    await act(deps, tx, caller, id, "open", body.note ?? body.title);
  });
  return showIncident(deps, orgId, id);
}

export async function noteIncident(deps: Deps, caller: Caller, id: string, text: string): Promise<Incident> {
  await withTenant(deps.api, caller.orgId, async (tx) => {
    await openOne(tx, caller.orgId, id);
    await act(deps, tx, caller, id, "note", text);
  });
  return showIncident(deps, caller.orgId, id);
}

export async function freezeFor(
  deps: Deps,
  caller: Caller,
  id: string,
  body: { scope: "organization" | "workflow"; workflow?: string | undefined; reason?: string | undefined },
): Promise<Incident> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const { title } = await openOne(tx, orgId, id);
    const workflow = body.scope === "workflow" ? await wantedWorkflow(tx, orgId, body.workflow) : undefined;
    const reason = body.reason ?? title;
    const row = { id: deps.newId(), orgId, incidentId: id, workflowId: workflow?.id ?? null, reason, actor };
    if (!(await insertFreeze(tx, row)))
      throw refuse(
        409,
        "FROZEN_ALREADY",
        "It is frozen already.",
        "GET /api/v1/incidents shows by which incident.",
      );
    const what =
      workflow === undefined ? "the organization" : `the workflow "${workflow.name}" (${workflow.id})`;
    await act(deps, tx, caller, id, "freeze", `Froze ${what}: ${reason}`);
  });
  await deps.freezes.reload();
  await deps.freezes.settle();
  return showIncident(deps, orgId, id);
}

export async function unfreezeFor(
  deps: Deps,
  caller: Caller,
  id: string,
  freeze: string | undefined,
): Promise<Incident> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    if (!(await findIncident(tx, orgId, id))) throw notFound("incident with this id");
    const lifted = await liftFreezes(tx, { orgId, incidentId: id, freeze: freeze ?? null, actor });
    if (lifted === 0) throw notFound("freeze of this incident that is not lifted");
    await act(deps, tx, caller, id, "unfreeze", `Lifted ${lifted === 1 ? "a freeze" : `${lifted} freezes`}`);
  });
  await deps.freezes.reload();
  await deps.freezes.settle();
  return showIncident(deps, orgId, id);
}

export type Revocation = {
  keys?: string | undefined;
  sessions?: "all" | undefined;
  person?: string | undefined;
  mineToo: boolean;
};

export async function revokeFor(deps: Deps, caller: Caller, id: string, body: Revocation) {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, (tx) => openOne(tx, orgId, id));
  const except = body.mineToo ? null : caller.credentialId;
  const userId = body.person === undefined ? undefined : await findMember(deps, orgId, body.person);
  if (body.person !== undefined && userId === undefined) throw notFound("member of this name");
  let keys = 0;
  const ended = { sessions: 0, people: 0 };
  if (userId !== undefined) keys += await endKeys(deps, orgId, { userId, except });
  if (body.keys === "all") keys += await endKeys(deps, orgId, { except });
  else if (body.keys !== undefined) {
    const count = await endKeys(deps, orgId, { id: body.keys });
    if (count === 0) throw notFound("key with this id that is still good");
    keys += count;
  }
  const whose = body.sessions === "all" ? {} : userId === undefined ? undefined : { userId };
  if (whose !== undefined) Object.assign(ended, await endSessionsOf(deps, orgId, { ...whose, except }));
  const text = `Revoked ${keys} API keys, ended ${ended.sessions} sessions of ${ended.people} people (${whatOf(body, userId)})`;
  await withTenant(deps.api, orgId, (tx) => act(deps, tx, caller, id, "revoke", text));
  return { keys, ...ended };
}

export async function closeIncident(
  deps: Deps,
  caller: Caller,
  id: string,
  conclusion: string,
): Promise<Incident> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const incident = await openOne(tx, orgId, id);
    if (incident.frozen > 0)
      throw refuse(
        409,
        "STILL_FROZEN",
        "Something is still frozen by this incident.",
        "Lift it first, or leave the incident open.",
      );
    await act(deps, tx, caller, id, "close", conclusion);
    const dossier = await dossierOf(tx, orgId, id);
    const report = writeReport(dossier, { closedBy: actor, closedAt: new Date(deps.nowMs()) });
    if (!(await closeIncidentRow(tx, { id, orgId, actor, report }))) throw closedAlready();
  });
  return showIncident(deps, orgId, id);
}

/** While it is open, as it would be now. */
export async function reportOf(deps: Deps, orgId: string, id: string): Promise<string> {
  const dossier = await withTenant(deps.api, orgId, (tx) => dossierOf(tx, orgId, id));
  return dossier.incident.report ?? writeReport(dossier, undefined);
}

export async function noteEvidence(deps: Deps, caller: Caller, id: string, text: string): Promise<void> {
  await withTenant(deps.api, caller.orgId, (tx) => act(deps, tx, caller, id, "evidence", text));
}

export async function dossierOf(tx: Transaction, orgId: string, id: string): Promise<Dossier> {
  const incident = await findIncident(tx, orgId, id);
  if (incident === undefined) throw notFound("incident with this id");
  return {
    incident,
    acts: await listActs(tx, orgId, id),
    freezes: await listFreezes(tx, orgId, id),
  };
}

export async function showIncident(deps: Deps, orgId: string, id: string): Promise<Incident> {
  const { incident, acts, freezes } = await withTenant(deps.api, orgId, (tx) => dossierOf(tx, orgId, id));
  return {
    ...summaryOf(incident),
    freezes: freezes.map(({ workflowId, workflowName, at, liftedAt, ...more }) => ({
      ...more,
      workflow: workflowId === null ? null : { id: workflowId, name: workflowName ?? "" },
      at: at.toISOString(),
      liftedAt: liftedAt?.toISOString() ?? null,
    })),
    acts: acts.map(({ at, ...more }) => ({ ...more, at: at.toISOString() })),
  };
}

export function summaryOf({ report: _, openedAt, closedAt, ...row }: IncidentRow): IncidentSummary {
  return {
    ...row,
    status: closedAt === null ? "open" : "closed",
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

async function openOne(tx: Transaction, orgId: string, id: string): Promise<IncidentRow> {
  const incident = await findIncident(tx, orgId, id);
  if (incident === undefined) throw notFound("incident with this id");
  if (incident.closedAt !== null) throw closedAlready();
  return incident;
}

async function wantedWorkflow(tx: Transaction, orgId: string, wanted: string | undefined) {
  if (wanted === undefined)
    throw refuse(
      422,
      "WORKFLOW_MISSING",
      "Which workflow is to be frozen?",
      "Send its id or name as `workflow`.",
    );
  const found = await findWorkflow(tx, orgId, wanted);
  if (found === undefined) throw notFound("workflow of this id or name");
  return found;
}

async function act(
  deps: Deps,
  tx: Transaction,
  { orgId, actor }: Caller,
  incidentId: string,
  kind: ActKind,
  text: string,
): Promise<void> {
  await insertAct(tx, { id: deps.newId(), orgId, incidentId, actor, kind, text });
}

function whatOf(body: Revocation, userId: string | undefined): string {
  return [
    ...(body.keys === undefined ? [] : [body.keys === "all" ? "all keys" : `key ${body.keys}`]),
    ...(body.sessions === undefined ? [] : ["all sessions"]),
    ...(userId === undefined ? [] : [`member ${userId}`]),
  ].join(", ");
}

function closedAlready() {
  return refuse(409, "INCIDENT_CLOSED", "The incident is closed.", "Open a new one.");
}
