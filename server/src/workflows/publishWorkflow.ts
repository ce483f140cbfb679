// Publishes the draft as the next version, and takes a workflow out of service.
// Version, nodes, webhooks and schedules change in one transaction: an address that answers always belongs to the published
// version. A draft that equals the published version changes nothing.
import type { WorkflowDefinition } from "@auraos/kernel";
import { checkUses } from "../connections/checkUses.ts";
import type { Deps } from "../deps.ts";
import { endSubscriptions, registerSubscriptions } from "../events/registerSubscriptions.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { invalid, notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { endSchedules, registerSchedules } from "../schedules/registerSchedules.ts";
import { endTriggers, registerTriggers } from "../triggers/registerTriggers.ts";
import { checkHooks } from "../webhooks/checkHooks.ts";
import { type HookAddress, hooksOf, registerHooks, registrationsOf } from "../webhooks/registerHooks.ts";
import { findWorkflow, insertVersion, nextVersion, replaceNodes, setPublished } from "./store.ts";

export type Published = { id: string; versionId: string; version: number; webhooks: HookAddress[] };

export async function publishWorkflow(
  deps: Deps,
  caller: Caller,
  id: string,
  note?: string,
): Promise<Published> {
  const published = await withTenant(deps.api, caller.orgId, (tx) =>
    publishWithin(deps, tx, caller, id, note),
  );
  await afterPublish(deps, id);
  const { versionId, webhooks: hooks } = published;
  await checkHooks(deps, { orgId: caller.orgId, workflowId: id, versionId, hooks });
  return published;
}

/** Part of a transaction; call `afterPublish` once it is committed. */
export async function publishWithin(
  deps: Deps,
  tx: Transaction,
  caller: Caller,
  id: string,
  note?: string,
): Promise<Published> {
  const { orgId, envId } = caller;
  const row = await findWorkflow(tx, orgId, id, { lock: true });
  if (!row) throw notFound("workflow with this id");
  const definition = JSON.parse(row.draft) as WorkflowDefinition;
  const problems = deps.programs.problemsOf(definition);
  if (problems.length > 0) throw invalid("The draft has problems; nothing was published.", problems);
  const webhooks = hooksOf(definition);
  if (row.publishedVersionId !== null && row.version !== null && row.publishedHash?.equals(row.draftHash))
    return { id, versionId: row.publishedVersionId, version: row.version, webhooks };
  if (definition.nodes.length === 0)
    throw refuse(422, "WORKFLOW_EMPTY", "The workflow has no nodes.", "Add a trigger and a node.");

  await checkUses(deps, tx, caller, definition);

  const version = await nextVersion(tx, orgId, id);
  const versionId = deps.newId();
  await insertVersion(tx, {
    id: versionId,
    workflowId: id,
    orgId,
    kind: "published",
    version,
    definition: row.draft,
    hash: row.draftHash,
    note: note ?? null,
    publishedBy: caller.actor,
  });
  await replaceNodes(
    tx,
    { orgId, workflowId: id, versionId },
    definition.nodes.map((node) => ({
      id: deps.newId(),
      type: node.type,
      name: (node.name ?? node.id).slice(0, 255),
      config: JSON.stringify(node.config ?? {}),
      position: JSON.stringify(node.position ?? {}),
      key: node.id,
    })),
  );
  await registerHooks(tx, { orgId, envId, workflowId: id, versionId }, registrationsOf(definition));
  await registerSchedules(deps, tx, { orgId, envId, workflowId: id, actor: caller.actor }, definition);
  const owner = { orgId, envId, workflowId: id };
  const triggerIds = await registerTriggers(deps, tx, owner, definition);
  await registerSubscriptions(deps, tx, owner, definition, triggerIds);
  await setPublished(tx, { orgId, workflowId: id, versionId, version });
  return { id, versionId, version, webhooks };
}

export async function unpublishWorkflow(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId, envId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await findWorkflow(tx, orgId, id, { lock: true });
    if (!row) throw notFound("workflow with this id");
    await registerHooks(tx, { orgId, envId, workflowId: id, versionId: "" }, []);
    await endSchedules(tx, { orgId, workflowId: id }, { all: false });
    await endTriggers(tx, { orgId, workflowId: id });
    await endSubscriptions(tx, { orgId, workflowId: id });
    await setPublished(tx, { orgId, workflowId: id, versionId: null, version: null });
  });
  await afterPublish(deps, id);
}

/** What this process remembers follows the database. */
export async function afterPublish(deps: Deps, workflowId: string): Promise<void> {
  deps.published.forget();
  await deps.hooks.reload(workflowId);
  await deps.schedules.sync();
  await deps.events.sync();
  await deps.triggers.sync();
}
