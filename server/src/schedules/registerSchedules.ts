// The schedules of a definition's triggers, and their registration: part of the transaction that publishes.
// A trigger keeps its schedule (id, history, cursor, pause) as long as its rule stays; a changed rule counts from now.
import { isObject, type JsonObject, type WorkflowDefinition } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { calendarsOf, nextOf, policyText, specOf, specText } from "./compile.ts";
import { compileSpec } from "./spec.ts";
import {
  deleteSchedules,
  deleteSchedulesOf,
  insertSchedule,
  listManaged,
  setNext,
  updateSchedule,
} from "./store.ts";

export type ScheduleOwner = { orgId: string; envId: string; workflowId: string; actor: string };

type Clock = { nowMs: () => number; newId: () => string };

export async function registerSchedules(
  deps: Clock,
  tx: Transaction,
  owner: ScheduleOwner,
  definition: WorkflowDefinition,
): Promise<void> {
  const { orgId, workflowId } = owner;
  const known = new Map((await listManaged(tx, orgId, workflowId)).map((row) => [row.trigger, row]));
  for (const { node, name, config } of triggersOf(definition)) {
    const given = specOf(config);
    const row = known.get(node);
    known.delete(node);
    const id = row?.id ?? deps.newId();
    const compiled = compileSpec(given, id, await calendarsOf(tx, orgId, given));
    if (!compiled.ok) {
      const problems = compiled.problems.map((problem) => ({ ...problem, node }));
      throw refuse(
        422,
        "DEFINITION_INVALID",
        `The trigger "${node}" has problems; nothing was published.`,
        "Correct what `problems` lists.",
        { problems },
      );
    }
    const texts = { spec: specText(config), policy: policyText(config), input: null };
    const next = nextOf(compiled.spec, deps.nowMs());
    if (row === undefined) {
      await insertSchedule(tx, {
        id,
        ...owner,
        trigger: node,
        managed: true,
        name,
        ...texts,
        paused: false,
        ...next,
      });
      continue;
    }
    await updateSchedule(tx, { id, orgId, workflowId, trigger: node, name, ...texts });
    if (row.spec !== texts.spec) await setNext(tx, { id, orgId, ...next });
  }
  const gone = [...known.values()].map(({ id }) => id);
  if (gone.length > 0) await deleteSchedules(tx, orgId, gone);
}

/** Unpublished: the triggers' own end; those made by hand stay, and say that nothing is published. */
export async function endSchedules(
  tx: Transaction,
  about: { orgId: string; workflowId: string },
  options: { all: boolean },
): Promise<void> {
  const { orgId, workflowId } = about;
  if (options.all) return deleteSchedulesOf(tx, orgId, workflowId);
  const rows = await listManaged(tx, orgId, workflowId);
  await deleteSchedules(
    tx,
    orgId,
    rows.map(({ id }) => id),
  );
}

function triggersOf(definition: WorkflowDefinition): { node: string; name: string; config: JsonObject }[] {
  return definition.nodes
    .filter((node) => node.type === "trigger.schedule" && node.disabled !== true)
    .map((node) => {
      const { every, ...config } = isObject(node.config) ? node.config : {};
      const name = `${definition.name}: ${node.name ?? node.id}`.slice(0, 255);
      return { node: node.id, name, config: every === undefined ? config : { ...config, interval: every } };
    });
}
