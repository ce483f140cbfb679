// Routes of data protection.
import { endpoints, type Reveal } from "@auraos/contract";
import type { Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { demandProof } from "../identity/proof.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { changePolicy, policiesOf } from "../retention/policies.ts";
import { findErasure, listErasures } from "./erasures/erasureStore.ts";
import { erasureView, requestErasure } from "./erasures/requestErasure.ts";
import { listHolds } from "./holdStore.ts";
import { endHold, holdView, placeHold } from "./holds.ts";
import { dataMapView } from "./map/dataMap.ts";
import { exportPerson } from "./people/exportPerson.ts";
import { findPerson } from "./people/findPerson.ts";
import { addRule, removeRule, ruleView } from "./redaction/changeRules.ts";
import { createRedactor } from "./redaction/redact.ts";
import { revealExecution } from "./redaction/revealExecution.ts";
import { listReveals, listRules, type RevealRow } from "./redaction/ruleStore.ts";

export function dataProtectionRoutes(deps: Deps): Route[] {
  return [...keepingRoutes(deps), ...redactionRoutes(deps), ...peopleRoutes(deps)];
}

function keepingRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getDataMap, () => ({ json: dataMapView() })),
    route(endpoints.listRetention, async ({ caller }) => ({
      json: { items: await policiesOf(deps, caller.orgId), lastSweep: deps.protection.lastSweep() },
    })),
    route(endpoints.putRetention, async ({ params, body, caller }) => {
      demandProof(caller, deps.nowMs());
      return { json: await changePolicy(deps, caller, params.class, body.days) };
    }),
    route(endpoints.listHolds, async ({ query, caller }) => {
      const { orgId } = caller;
      const page = { orgId, before: placeAfter(query.after), limit: query.limit + 1 };
      const rows = await withTenant(deps.api, orgId, (tx) =>
        listHolds(tx, { ...page, withReleased: query.released === true }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, holdView) };
    }),
    route(endpoints.placeHold, async ({ body, caller }) => ({ json: await placeHold(deps, caller, body) })),
    route(endpoints.releaseHold, async ({ params, caller }) => ({
      json: await endHold(deps, caller, params.id),
    })),
  ];
}

function redactionRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listRedactions, async ({ caller }) => {
      const rules = await withTenant(deps.api, caller.orgId, (tx) => listRules(tx, caller.orgId));
      return { json: { items: rules.map(ruleView) } };
    }),
    route(endpoints.createRedaction, async ({ body, caller }) => ({
      json: await addRule(deps, caller, body),
    })),
    route(endpoints.deleteRedaction, async ({ params, caller }) => {
      await removeRule(deps, caller, params.id);
      return { empty: true };
    }),
    route(endpoints.previewRedaction, ({ body }) => {
      const redactor = createRedactor(body.rules);
      const json = redactor.data((body.json ?? null) as Json);
      return { json: { json, hidden: redactor.count() } };
    }),
    route(endpoints.revealExecution, async ({ params, body, caller }) => ({
      json: await revealExecution(deps, caller, params.id, body),
    })),
    route(endpoints.listReveals, async ({ query, caller }) => {
      const { orgId } = caller;
      const page = { orgId, before: placeAfter(query.after), limit: query.limit + 1 };
      const rows = await withTenant(deps.api, orgId, (tx) => listReveals(tx, page));
      return { json: pageOf(rows, query.limit, (row) => row.id, revealView) };
    }),
  ];
}

function peopleRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.findSubject, async ({ body, caller }) => {
      demandProof(caller, deps.nowMs());
      return { json: await findPerson(deps.protection.person, caller.orgId, body.identifiers) };
    }),
    route(endpoints.exportSubject, async ({ body, caller }) => {
      demandProof(caller, deps.nowMs());
      const zip = await exportPerson(deps.protection.person, caller.orgId, body.identifiers, deps.nowMs());
      return {
        stream: one(zip),
        type: "application/zip",
        headers: { "content-disposition": 'attachment; filename="personal-data.zip"' },
      };
    }),
    route(endpoints.eraseSubject, async ({ body, caller }) => ({
      json: await requestErasure(deps, caller, body),
    })),
    route(endpoints.listErasures, async ({ query, caller }) => {
      const { orgId } = caller;
      const page = { orgId, before: placeAfter(query.after), limit: query.limit + 1 };
      const rows = await withTenant(deps.api, orgId, (tx) => listErasures(tx, page));
      return { json: pageOf(rows, query.limit, (row) => row.id, erasureView) };
    }),
    route(endpoints.getErasure, async ({ params, caller }) => {
      const row = await withTenant(deps.api, caller.orgId, (tx) => findErasure(tx, caller.orgId, params.id));
      if (!row) throw notFound("erasure with this id");
      return { json: erasureView(row) };
    }),
  ];
}

function revealView({ at, ...row }: RevealRow): Reveal {
  return { ...row, at: at.toISOString() };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
