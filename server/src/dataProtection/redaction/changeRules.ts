// Making and removing redaction rules. They hold at once: the memory is read again before the answer.
import type { RedactionRule, redactionBody, z } from "@auraos/contract";
import type { Deps } from "../../deps.ts";
import { demandProof } from "../../identity/proof.ts";
import type { Caller } from "../../platform/caller.ts";
import { withTenant } from "../../platform/db.ts";
import { notFound, refuse } from "../../platform/errors.ts";
import { deleteRule, findWorkflow, insertRule, listRules, type RuleRow } from "./ruleStore.ts";

const RULES_MAX = 500;

export async function addRule(
  deps: Deps,
  { orgId, actor }: Caller,
  body: z.output<typeof redactionBody>,
): Promise<RedactionRule> {
  const id = deps.newId();
  const { workflowId, path, mode, visibleTo, note = null } = body;
  const rules = await withTenant(deps.api, orgId, async (tx) => {
    if (workflowId !== null && (await findWorkflow(tx, orgId, workflowId)) === undefined)
      throw notFound("workflow with this id");
    if ((await listRules(tx, orgId)).length >= RULES_MAX)
      throw refuse(
        409,
        "RULES_BOUND",
        `There are ${RULES_MAX} rules.`,
        "Use * and ** to hide several fields by one.",
      );
    if (!(await insertRule(tx, { id, orgId, workflowId, path, mode, visibleTo, note, createdBy: actor })))
      throw refuse(409, "RULE_EXISTS", `There is a rule for ${path}.`, "Delete it first.");
    return listRules(tx, orgId);
  });
  await deps.protection.rules.reload();
  return ruleView(rules.find((rule) => rule.id === id) as RuleRow);
}

/** Shows to everybody what was hidden: that wants a proof. */
export async function removeRule(deps: Deps, caller: Caller, id: string): Promise<void> {
  demandProof(caller, deps.nowMs());
  const { orgId } = caller;
  const isGone = await withTenant(deps.api, orgId, (tx) => deleteRule(tx, orgId, id));
  if (!isGone) throw notFound("rule with this id");
  await deps.protection.rules.reload();
}

export function ruleView({ orgId: _, createdAt, ...rule }: RuleRow): RedactionRule {
  return { ...rule, createdAt: createdAt.toISOString() };
}
