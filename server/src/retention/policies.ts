// How long an organization keeps each class of data: what it chose, or the default.
import { type RetentionClass, type RetentionPolicy, retentionClasses } from "@auraos/contract";
import type { Caller } from "../platform/caller.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { boundsOf } from "./classes.ts";
import { findExecutionDays, listPolicies, type PolicyRow, putPolicy } from "./policyStore.ts";

type Needs = { api: Pool; settings: { retentionDays: number } };

export async function policiesOf({ api, settings }: Needs, orgId: string): Promise<RetentionPolicy[]> {
  const { rows, ofOrganization } = await withTenant(api, orgId, async (tx) => ({
    rows: await listPolicies(tx, orgId),
    ofOrganization: await findExecutionDays(tx, orgId),
  }));
  const executionDays = ofOrganization ?? settings.retentionDays;
  return retentionClasses.map((name) => {
    const given = rows.find((row) => row.class === name);
    const days =
      name === "executions"
        ? executionDays
        : name === "payloads"
          ? (given?.days ?? executionDays)
          : given?.days;
    return viewOf(name, days, given, name === "payloads" ? executionDays : settings.retentionDays);
  });
}

function viewOf(
  name: RetentionClass,
  days: number | undefined,
  row: PolicyRow | undefined,
  executionDays: number,
): RetentionPolicy {
  const bounds = boundsOf(name, executionDays);
  return {
    class: name,
    days: days ?? bounds.defaultDays,
    isDefault: days === undefined || (row === undefined && days === bounds.defaultDays),
    ...bounds,
    updatedBy: row?.updatedBy ?? null,
    updatedAt: row?.updatedAt.toISOString() ?? null,
  };
}

export async function changePolicy(
  needs: Needs,
  caller: Caller,
  name: RetentionClass,
  days: number | null,
): Promise<RetentionPolicy> {
  const { orgId, actor } = caller;
  const before = await policiesOf(needs, orgId);
  const daysOf = (one: RetentionClass) => before.find((row) => row.class === one)?.days ?? 0;
  const { minDays, maxDays } = boundsOf(name, needs.settings.retentionDays);
  if (days !== null && (days < minDays || days > maxDays))
    throw refuse(
      422,
      "RETENTION_OUT_OF_BOUNDS",
      `${name} are kept for ${minDays} to ${maxDays} days.`,
      "Choose a number between them.",
    );
  if (name === "payloads" && days !== null && days > daysOf("executions"))
    throw refuse(
      422,
      "PAYLOADS_OUTLIVE_EXECUTIONS",
      `Executions are kept for ${daysOf("executions")} days, and their payloads go with them.`,
      "Keep executions longer first.",
    );
  await withTenant(needs.api, orgId, async (tx) => {
    await putPolicy(tx, { orgId, class: name, days, by: actor });
    // What the payloads were kept for may be more than their executions are now.
    const kept = days ?? needs.settings.retentionDays;
    if (name === "executions" && daysOf("payloads") > kept)
      await putPolicy(tx, { orgId, class: "payloads", days: null, by: actor });
  });
  const after = await policiesOf(needs, orgId);
  return after.find((row) => row.class === name) as RetentionPolicy;
}
