// Looking behind the rules: who, what and why is written down first, then the values are given.
import { collapse, type Json } from "@auraos/kernel";
import type { Deps } from "../../deps.ts";
import { projectionOf } from "../../executions/projections.ts";
import { inputOf, outputOf } from "../../executions/showExecution.ts";
import { demandProof } from "../../identity/proof.ts";
import type { Caller } from "../../platform/caller.ts";
import { withTenant } from "../../platform/db.ts";
import { notFound } from "../../platform/errors.ts";
import { insertReveal } from "./ruleStore.ts";

const ITEMS_MAX = 500;

type Revealed = { id: string; input: Json; output: Json; outputs?: Record<string, Json[]> };

export async function revealExecution(
  deps: Deps,
  caller: Caller,
  executionId: string,
  { reason, run }: { reason: string; run?: string | undefined },
): Promise<Revealed> {
  demandProof(caller, deps.nowMs());
  const { row, projection } = await projectionOf(deps, caller, executionId);
  const record = run === undefined ? undefined : projection.runs.get(run);
  if (run !== undefined && record === undefined)
    throw notFound("node run of this name in the execution", "See its timeline.");
  const id = deps.newId();
  const { workflowId } = row;
  await withTenant(deps.api, caller.orgId, (tx) =>
    insertReveal(tx, caller.orgId, {
      ...{ id, executionId, workflowId, reason },
      ...{ run: run ?? null, by: caller.actor },
    }),
  );
  if (record === undefined) return { id, input: inputOf(projection), output: outputOf(projection) };
  const outputs = Object.entries(record.outputs).map(([port, items]): [string, Json[]] => [
    port,
    items.slice(0, ITEMS_MAX).map(({ json }) => json),
  ]);
  return {
    id,
    input: collapse(record.input.flat().slice(0, ITEMS_MAX)),
    output: null,
    outputs: Object.fromEntries(outputs),
  };
}
