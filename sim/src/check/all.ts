// The checks of a finished story. They are written from what the engine promises, over the recorded history and the
// world outside, and know nothing of how the engine does it.
import type { Event, WorkflowDefinition } from "@auraos/kernel";
import type { Clients, Request } from "../client/clients.ts";
import type { Plan } from "../workflows/plan.ts";
import type { Database } from "../world/database.ts";
import type { ExecutionRecord, History } from "../world/history.ts";
import type { Outside } from "../world/outside.ts";
import type { Outcome } from "../world/timeline.ts";
import type { Verdict } from "../world/verdict.ts";
import { checkAccepted } from "./accepted.ts";
import { checkAttempts } from "./attempts.ts";
import { checkBlocks } from "./blocks.ts";
import { checkChildren } from "./children.ts";
import { checkFold } from "./fold.ts";
import { checkOutput } from "./output.ts";
import { checkPlaces } from "./places.ts";
import { checkRuns } from "./runs.ts";
import { checkSequence } from "./sequence.ts";
import { checkSteps } from "./steps.ts";
import { checkWaits } from "./waits.ts";

export type Evidence = {
  how: Outcome;
  verdict: Verdict;
  history: History;
  database: Database;
  outside: Outside;
  clients: Clients;
  plans: ReadonlyMap<string, Plan>;
  definitions: ReadonlyMap<string, WorkflowDefinition>;
  requests: readonly Request[];
  meddled: ReadonlyMap<string, ReadonlySet<Event["type"]>>;
};

/** Gives how many executions were compared with the model. */
export function checkAll(evidence: Evidence): number {
  const { history, verdict, definitions, clients } = evidence;
  if (evidence.how === "busy") verdict.illegal("busy", "an engine goes round and round without waiting");
  if (!clients.isQuiet()) verdict.lost("no-answer", "a client asks again and again and gets no answer");
  let compared = 0;
  for (const record of history.executions.values()) {
    const definition = definitions.get(record.start.versionId);
    if (definition === undefined) {
      verdict.illegal("unknown-version", `${record.id} runs version ${record.start.versionId}`);
      continue;
    }
    checkSequence(evidence, record);
    checkEnded(evidence, record);
    checkRuns(evidence, record, definition);
    checkAttempts(evidence, record);
    checkSteps(evidence, record, definition);
    checkWaits(evidence, record);
    checkBlocks(evidence, record, definition);
    if (checkOutput(evidence, record)) compared++;
  }
  checkChildren(evidence);
  checkPlaces(evidence);
  // Last: folding takes the facts over.
  for (const record of history.executions.values()) {
    const definition = definitions.get(record.start.versionId);
    if (definition) checkFold(evidence, record, definition);
  }
  checkAccepted(evidence);
  return compared;
}

/** Nothing is open once all faults have stopped and everything was answered; only what cannot be stored is set aside. */
function checkEnded({ verdict, plans }: Evidence, record: ExecutionRecord): void {
  if (record.end !== null) return;
  const isPoisonous = plans.get(record.start.workflowId)?.name === "poison";
  if (record.isParked && isPoisonous) return;
  const last = record.turns.at(-1)?.facts.at(-1);
  const how = record.isParked ? "was set aside" : "never ends";
  verdict.lost(
    "never-ends",
    `${record.id} (${record.start.workflowId}) ${how}; its last fact is ${JSON.stringify(last)}`,
  );
}
