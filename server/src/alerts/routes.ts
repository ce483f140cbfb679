// Routes of alerts.
import {
  type Alert,
  type AlertChannel,
  type AlertRule,
  type AlertRuleBody,
  endpoints,
} from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { sqlState, type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { isMeant } from "../platform/etag.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { planChannels, storeAddresses } from "./addresses.ts";
import { checkRules } from "./checkRules.ts";
import { renewSigning, showSigning } from "./signing.ts";
import {
  type AlertRow,
  deleteRule,
  findAlert,
  findRule,
  insertRule,
  listAlerts,
  listRules,
  type RuleRow,
  setAlertStatus,
  updateRule,
} from "./store.ts";
import { keptTrouble } from "./trouble.ts";

export function alertRoutes(deps: Deps): Route[] {
  return [...ruleRoutes(deps), ...listRoutes(deps)];
}

function ruleRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listAlertRules, async ({ caller: { orgId } }) => ({
      json: { items: (await withTenant(deps.api, orgId, (tx) => listRules(tx, orgId))).map(ruleView) },
    })),
    route(endpoints.createAlertRule, async ({ body, caller }) => {
      const id = deps.newId();
      const plan = planChannels(body.channels, [], deps.newId);
      return save(deps, caller, id, async (tx) => {
        await insertRule(tx, { ...columnsOf(id, caller, body, plan.channels), actor: caller.actor });
        await storeAddresses(deps, tx, { orgId: caller.orgId, id }, plan);
      });
    }),
    route(endpoints.updateAlertRule, async ({ params, body, caller, header }) =>
      save(deps, caller, params.id, async (tx) => {
        const row = await findRule(tx, caller.orgId, params.id);
        if (!row) throw notFound("rule with this id");
        refuseStale(header("if-match"), row.revision);
        const plan = planChannels(body.channels, channelsOf(row), deps.newId);
        await updateRule(tx, columnsOf(params.id, caller, body, plan.channels));
        await storeAddresses(deps, tx, { orgId: caller.orgId, id: params.id }, plan);
      }),
    ),
    route(endpoints.deleteAlertRule, async ({ params, caller: { orgId } }) => {
      if (!(await withTenant(deps.api, orgId, (tx) => deleteRule(tx, orgId, params.id))))
        throw notFound("rule with this id");
      return { empty: true };
    }),
    route(endpoints.alertSigning, async ({ caller: { orgId } }) => ({
      json: await withTenant(deps.api, orgId, (tx) => showSigning(tx, orgId)),
    })),
    route(endpoints.renewAlertSigning, async ({ caller }) => ({
      json: await withTenant(deps.api, caller.orgId, (tx) => renewSigning(deps.vault, tx, caller)),
    })),
    route(endpoints.checkAlerts, async ({ caller }) => {
      const found = await checkRules(deps, caller.orgId);
      deps.alerts.tell();
      return { json: found };
    }),
  ];
}

function listRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listAlerts, async ({ query, caller: { orgId } }) => {
      const about = { orgId, status: query.status ?? null, before: placeAfter(query.after) };
      const rows = await withTenant(deps.api, orgId, (tx) =>
        listAlerts(tx, { ...about, limit: query.limit + 1 }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, alertView) };
    }),
    route(endpoints.getAlert, ({ params, caller }) => show(deps, caller, params.id)),
    route(endpoints.acknowledgeAlert, async ({ params, caller }) => {
      const { orgId, actor } = caller;
      const isDone = await withTenant(deps.api, orgId, (tx) =>
        setAlertStatus(tx, { orgId, id: params.id, status: "acknowledged", actor }),
      );
      const shown = await show(deps, caller, params.id);
      if (!isDone)
        throw refuse(409, "ALERT_RESOLVED", "The alert is resolved.", "There is nothing to look after.");
      return shown;
    }),
    route(endpoints.resolveAlert, async ({ params, caller }) => {
      const { orgId, actor } = caller;
      await withTenant(deps.api, orgId, (tx) =>
        setAlertStatus(tx, { orgId, id: params.id, status: "resolved", actor }),
      );
      return show(deps, caller, params.id);
    }),
  ];
}

async function save(
  deps: Deps,
  { orgId }: Caller,
  id: string,
  write: (tx: Transaction) => Promise<void>,
): Promise<Answer> {
  try {
    const row = await withTenant(deps.api, orgId, async (tx) => {
      await write(tx);
      return findRule(tx, orgId, id);
    });
    if (!row) throw notFound("rule with this id");
    const json = ruleView(row);
    return { json, headers: { etag: json.etag } };
  } catch (error) {
    if (sqlState(error) === "23505")
      throw refuse(409, "NAME_TAKEN", "Another rule has this name.", "Choose another one.");
    throw error;
  }
}

async function show(deps: Deps, { orgId }: Caller, id: string): Promise<Answer> {
  const row = await withTenant(deps.api, orgId, (tx) => findAlert(tx, orgId, id));
  if (!row) throw notFound("alert with this id", "GET /api/v1/alerts lists those there are.");
  return { json: alertView(row) };
}

function columnsOf(id: string, { orgId }: Caller, body: AlertRuleBody, channels: readonly AlertChannel[]) {
  const { name, severity, condition, enabled } = body;
  return {
    ...{ id, orgId, name, severity, enabled, kind: condition.kind },
    ...{ config: JSON.stringify(condition), channels: JSON.stringify(channels) },
  };
}

function ruleView(row: RuleRow): AlertRule {
  const { id, name, severity, enabled, trouble, open } = row;
  return {
    ...{ id, name, severity, enabled, trouble, open },
    troubleParts: trouble === null ? null : keptTrouble(trouble).parts,
    condition: JSON.parse(row.config) as AlertRule["condition"],
    channels: channelsOf(row),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    etag: `"${row.revision}"`,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function channelsOf(row: Pick<RuleRow, "channels">): AlertChannel[] {
  return JSON.parse(row.channels) as AlertChannel[];
}

function alertView(row: AlertRow): Alert {
  return {
    ...row,
    openedAt: row.openedAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    deliveries: row.deliveries.map((one) => ({ ...one, channel: nameOf(one.channel) })),
  };
}

function nameOf(text: string): string {
  const channel = JSON.parse(text) as AlertChannel;
  return channel.kind === "email" ? `email ${channel.to}` : `webhook ${channel.host}`;
}

function refuseStale(ifMatch: string | undefined, revision: number): void {
  if (isMeant(ifMatch, revision)) return;
  throw refuse(
    409,
    "RULE_CHANGED",
    "The rule was changed in the meantime.",
    "Read it again, and store with the new etag.",
  );
}
