// Routes of incidents, findings and the security check.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { collectEvidence } from "./evidence.ts";
import { listFindings, markSeen } from "./findingStore.ts";
import {
  closeIncident,
  freezeFor,
  noteEvidence,
  noteIncident,
  openIncident,
  reportOf,
  revokeFor,
  showIncident,
  summaryOf,
  unfreezeFor,
} from "./incidents.ts";
import { checkSecurity } from "./securityCheck.ts";
import { listIncidents } from "./store.ts";

export function incidentRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listIncidents, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listIncidents(tx, {
          orgId: caller.orgId,
          status: query.status ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, ({ id }) => id, summaryOf) };
    }),
    route(endpoints.openIncident, async ({ body, caller }) => ({
      json: await openIncident(deps, caller, body),
    })),
    route(endpoints.getIncident, async ({ params, caller }) => ({
      json: await showIncident(deps, caller.orgId, params.id),
    })),
    route(endpoints.noteIncident, async ({ params, body, caller }) => ({
      json: await noteIncident(deps, caller, params.id, body.text),
    })),
    route(endpoints.freezeIncident, async ({ params, body, caller }) => ({
      json: await freezeFor(deps, caller, params.id, body),
    })),
    route(endpoints.unfreezeIncident, async ({ params, body, caller }) => ({
      json: await unfreezeFor(deps, caller, params.id, body?.freeze),
    })),
    route(endpoints.revokeForIncident, async ({ params, body, caller }) => ({
      json: await revokeFor(deps, caller, params.id, body),
    })),
    route(endpoints.getIncidentEvidence, async ({ params, query, caller }) => {
      const { bytes, sha256, name } = await collectEvidence(deps, caller, params.id, query);
      await noteEvidence(deps, caller, params.id, `Collected evidence: ${name}, sha256 ${sha256}`);
      return {
        stream: (async function* () {
          yield bytes;
        })(),
        type: "application/zip",
        headers: {
          "content-disposition": `attachment; filename="${name}"`,
          "content-length": String(bytes.length),
        },
      };
    }),
    route(endpoints.closeIncident, async ({ params, body, caller }) => ({
      json: await closeIncident(deps, caller, params.id, body.conclusion),
    })),
    route(endpoints.getIncidentReport, async ({ params, caller }) => ({
      text: await reportOf(deps, caller.orgId, params.id),
      type: "text/markdown; charset=utf-8",
      headers: { "content-disposition": `attachment; filename="incident-${params.id}.md"` },
    })),
    route(endpoints.listSecurityFindings, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listFindings(tx, {
          orgId: caller.orgId,
          status: query.status ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          ({ id }) => id,
          ({ firstAt, lastAt, seenAt, ...row }) => ({
            ...row,
            firstAt: firstAt.toISOString(),
            lastAt: lastAt.toISOString(),
            seenAt: seenAt?.toISOString() ?? null,
          }),
        ),
      };
    }),
    route(endpoints.markFindingSeen, async ({ params, caller }) => {
      const { orgId, actor } = caller;
      const isMarked = await withTenant(deps.api, orgId, (tx) =>
        markSeen(tx, { orgId, id: params.id, actor }),
      );
      if (!isMarked) throw notFound("finding with this id that nobody has looked at");
      return { empty: true };
    }),
    route(endpoints.getSecurityCheck, async ({ caller }) => ({
      json: await checkSecurity(deps, caller.orgId),
    })),
  ];
}
