// The recorded steps of an activity count up one by one over all its attempts, belong to an attempt that is under way,
// and are all there when it succeeds.
import type { WorkflowDefinition } from "@auraos/kernel";
import type { ExecutionRecord } from "../world/history.ts";
import { isEntry } from "../world/steps.ts";
import type { Evidence } from "./all.ts";
import { commandOf } from "./attempts.ts";
import { nodeOf } from "./runs.ts";

export function checkSteps(
  { verdict }: Evidence,
  record: ExecutionRecord,
  definition: WorkflowDefinition,
): void {
  const counts = new Map(definition.nodes.map(({ id, config }) => [id, config?.steps]));
  const steps = new Map<string, number>();
  const open = new Set<string>();
  const parked = new Set<string>();

  const succeeded = (run: string, item: number | undefined): void => {
    const command = commandOf(run, item);
    const count = counts.get(nodeOf(run));
    if (parked.has(command) || typeof count !== "number" || !open.has(command)) return;
    if (steps.get(command) !== count)
      verdict.lost(
        "step-lost",
        `${record.id}: ${command} succeeds with ${steps.get(command) ?? 0} of ${count} steps recorded`,
      );
  };

  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      switch (fact.t) {
        case "ActivityScheduled":
          if (!fact.confirm) parked.delete(fact.command);
          open.add(fact.command);
          break;
        case "RetryScheduled":
        case "ConfirmScheduled":
        case "CommandDropped":
          open.delete(fact.command);
          break;
        case "NodeParked":
          open.delete(commandOf(fact.run, fact.item));
          parked.add(commandOf(fact.run, fact.item));
          break;
        case "ActivityProgressed": {
          const known = steps.get(fact.command) ?? 0;
          if (!open.has(fact.command))
            verdict.illegal(
              "step-unasked",
              `${record.id}: a step of ${fact.command}, which is not under way`,
            );
          if (!isEntry(fact.entry) || fact.entry.step > known)
            verdict.lost("step-lost", `${record.id}: ${fact.command} records no step ${known}`);
          else if (fact.entry.step < known)
            verdict.duplicated(
              "step-again",
              `${record.id}: ${fact.command} records step ${fact.entry.step} again`,
            );
          steps.set(fact.command, known + 1);
          break;
        }
        case "NodeFinished":
          if (fact.attempt !== undefined && fact.handled === undefined && (fact.outputs ?? fact.changes))
            succeeded(fact.run, undefined);
          open.delete(fact.run);
          break;
        case "ItemsSettled": {
          const handled = new Set(fact.handled?.map(([index]) => index));
          for (const [index] of fact.results) if (!handled.has(index)) succeeded(fact.run, index);
          for (const [index] of [...fact.results, ...(fact.failures ?? [])])
            open.delete(commandOf(fact.run, index));
        }
      }
    }
  }
}
