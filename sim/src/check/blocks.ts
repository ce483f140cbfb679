// What blocks promise: `finally` runs whatever happens (unless somebody terminates the execution); a saga that fails
// undoes what it began in reverse order, one after the other; a loop that was left keeps nothing of the round it left.
import type { Fact, WorkflowDefinition } from "@auraos/kernel";
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";
import { nodeOf } from "./runs.ts";

type Opened = { closed: (Fact & { t: "ScopeClosed" }) | null };

export function checkBlocks(
  evidence: Evidence,
  record: ExecutionRecord,
  definition: WorkflowDefinition,
): void {
  const { verdict } = evidence;
  if (record.end === null) return;
  const cleaned = new Set(
    definition.nodes.filter((node) => node.section === "finally").map((node) => node.parent),
  );
  const types = new Map(definition.nodes.map((node) => [node.id, node.type]));
  const scopes = new Map<string, Opened>();
  const registered = new Map<string, string[]>();
  const undone = new Map<string, string[]>();
  const startedBlocks: string[] = [];
  let undoing: string | null = null;

  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      switch (fact.t) {
        case "BlockStarted":
          startedBlocks.push(fact.run);
          break;
        case "CompensationRegistered":
          registered.set(fact.saga, [...(registered.get(fact.saga) ?? []), fact.run]);
          break;
        case "ScopeOpened":
          scopes.set(fact.scope, { closed: null });
          if (fact.entry !== undefined) {
            if (undoing !== null && blockOf(undoing) === fact.block)
              verdict.illegal("saga-order", `${record.id}: ${fact.scope} begins before ${undoing} has ended`);
            undoing = fact.scope;
            undone.set(fact.block, [...(undone.get(fact.block) ?? []), stepOf(fact.frame)]);
          }
          break;
        case "ScopeClosed": {
          const opened = scopes.get(fact.scope);
          if (opened) opened.closed = fact;
          if (undoing === fact.scope) undoing = null;
        }
      }
    }
  }
  if (record.end.status === "terminated") return;
  for (const run of startedBlocks) {
    const type = types.get(nodeOf(run));
    if (type === "try") checkTry(run);
    if (type === "saga") checkSaga(run);
  }

  function checkTry(run: string): void {
    const body = scopes.get(`${run}#body/`);
    if (body === undefined) return;
    if (body.closed === null)
      return verdict.illegal("not-drained", `${record.id}: ${run}#body/ was never closed`);
    if (cleaned.has(nodeOf(run)) && !scopes.get(`${run}#finally/`)?.closed)
      verdict.illegal("finally-skipped", `${record.id}: finally of ${run} did not run`);
    const wasCaught = scopes.has(`${run}#catch/`);
    if (wasCaught && body.closed.outcome !== "failed")
      verdict.illegal("caught-wrongly", `${record.id}: catch of ${run} ran after ${body.closed.outcome}`);
  }

  function checkSaga(run: string): void {
    const body = scopes.get(`${run}#0/`)?.closed;
    const entries = undone.get(run) ?? [];
    if (body?.outcome === "completed" && entries.length > 0)
      verdict.illegal("saga-undone", `${record.id}: ${run} was undone although it went well`);
    // One that failed and is tried again comes after the others; its first turn counts.
    const order = entries.filter((entry, index) => entries.indexOf(entry) === index);
    const begun = (registered.get(run) ?? []).map(nodeOf).reverse();
    if (order.join() !== begun.filter((step) => order.includes(step)).join())
      verdict.illegal(
        "saga-order",
        `${record.id}: ${run} began ${begun.join(", ")} (backwards) and undoes ${order.join(", ")}`,
      );
    if (body?.outcome !== "failed" && body?.outcome !== "cancelled") return;
    checkUndone(run, order.length);
  }

  /** Whatever may have been done is undone: all that finished, and what nobody knows about. */
  function checkUndone(run: string, count: number): void {
    let done = 0;
    for (const turn of record.turns)
      for (const fact of turn.facts)
        if (fact.t === "NodeFinished" && registered.get(run)?.includes(fact.run) && gaveSomething(fact))
          done++;
    if (count < done)
      verdict.illegal("saga-forgot", `${record.id}: ${run} undoes ${count} of ${done} steps that were done`);
  }
}

function gaveSomething(fact: Fact & { t: "NodeFinished" }): boolean {
  if (fact.from === "items" || fact.changes !== undefined) return true;
  return Object.values(fact.outputs ?? {}).some((output) => output.items.length > 0);
}

/** The step that a compensation undoes, by the frame it runs in: `saga:compensation:n3u`. */
function stepOf(frame: string): string {
  return frame.slice(frame.lastIndexOf(":") + 1, -1);
}

function blockOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf("#"));
}
