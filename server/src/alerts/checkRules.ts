// Looks at the rules of an organization: findings become alerts and messages in one transaction per rule. A rule that
// cannot be looked at says so and keeps its alerts as they are: not knowing is no all-clear.
import type { AlertChannel, AlertCondition } from "@auraos/contract";
import { type Pool, withTenant } from "../platform/db.ts";
import { findingsOf } from "./findings.ts";
import { insertDeliveries, listRules, noteChecked, type RuleRow, reconcile } from "./store.ts";
import { troubleOf } from "./trouble.ts";

type Parts = { api: Pool; nowMs: () => number; newId: () => string };

export async function checkRules(parts: Parts, orgId: string): Promise<{ opened: number; resolved: number }> {
  const rules = await withTenant(parts.api, orgId, (tx) => listRules(tx, orgId));
  let [opened, resolved] = [0, 0];
  for (const rule of rules) {
    if (!rule.enabled) continue;
    try {
      const found = await checkRule(parts, orgId, rule);
      opened += found.opened;
      resolved += found.resolved;
    } catch (error) {
      const trouble = troubleOf(error).text;
      await withTenant(parts.api, orgId, (tx) => noteChecked(tx, { orgId, id: rule.id, trouble }));
    }
  }
  return { opened, resolved };
}

function checkRule(
  parts: Parts,
  orgId: string,
  rule: RuleRow,
): Promise<{ opened: number; resolved: number }> {
  return withTenant(parts.api, orgId, async (tx) => {
    const condition = JSON.parse(rule.config) as AlertCondition;
    const findings = await findingsOf(tx, orgId, condition, parts.nowMs());
    const { opened, resolved } = await reconcile(
      tx,
      { orgId, ruleId: rule.id, newId: parts.newId },
      findings,
    );
    const channels = JSON.parse(rule.channels) as AlertChannel[];
    const messages = [
      ...opened.map((alertId) => ({ alertId, happening: "opened" })),
      ...resolved.map((alertId) => ({ alertId, happening: "resolved" })),
    ].flatMap((one) =>
      channels.map((channel) => ({ ...one, id: parts.newId(), channel: JSON.stringify(channel) })),
    );
    await insertDeliveries(tx, orgId, messages);
    await noteChecked(tx, { orgId, id: rule.id, trouble: null });
    return { opened: opened.length, resolved: resolved.length };
  });
}
