// Facts as the live stream shows them: what happened to which node run, without the data. Small enough to be sent
// to everybody who watches; the data is asked for when somebody looks.
import type { LiveTurn } from "@auraos/contract";
import type { Fact, Failure } from "@auraos/kernel";
import { HIDDEN } from "../dataProtection/redaction/redact.ts";

type Summary = LiveTurn["facts"][number];
const FACTS_MAX = 200;

/** `isHidden`: fields of the workflow are hidden from somebody, so texts that may quote data are left out for everybody. */
export function summarise(facts: readonly Fact[], isHidden = false): Summary[] {
  const shown: Summary[] = [];
  for (const fact of facts) {
    const summary = summaryOf(fact);
    if (summary) shown.push(isHidden ? withoutTexts(summary) : summary);
    if (shown.length === FACTS_MAX) {
      shown.push({ t: "More", left: facts.length - FACTS_MAX });
      break;
    }
  }
  return shown;
}

function withoutTexts({ title: _, ...summary }: Summary): Summary {
  const { failure } = summary as { failure?: { code: string } };
  return failure === undefined ? summary : { ...summary, failure: { ...failure, message: HIDDEN } };
}

function summaryOf(fact: Fact): Summary | undefined {
  switch (fact.t) {
    case "Now":
    case "CommandDropped":
      return undefined;
    case "ExecutionStarted":
      return { t: fact.t, items: countOf(fact.items) };
    case "NodeFinished":
      return { t: fact.t, run: fact.run, ...outOf(fact) };
    case "NodeFailed":
    case "NodeParked":
      return { t: fact.t, run: fact.run, failure: short(fact.failure) };
    case "NodeDead":
    case "NodeCancelled":
      return { t: fact.t, run: fact.run, why: fact.why };
    case "ItemsStarted":
      return { t: fact.t, run: fact.run, total: fact.total };
    case "ItemsSettled":
      return {
        t: fact.t,
        run: fact.run,
        done: fact.results.length,
        failed: (fact.failures?.length ?? 0) + (fact.handled?.length ?? 0),
      };
    case "ActivityScheduled":
    case "ChildScheduled":
      return {
        t: fact.t,
        run: fact.run,
        attempt: fact.attempt,
        ...(fact.item === undefined ? {} : { item: fact.item }),
      };
    case "RetryScheduled":
      return {
        t: fact.t,
        command: fact.command,
        attempt: fact.attempt,
        at: fact.at,
        failure: short(fact.failure),
      };
    case "WaitOpened":
      return {
        t: fact.t,
        run: fact.run,
        wait: fact.wait,
        kind: fact.kind,
        ...(fact.at === undefined ? {} : { at: fact.at }),
        ...(fact.title === undefined ? {} : { title: fact.title.slice(0, 200) }),
      };
    case "WaitClosed":
      return {
        t: fact.t,
        wait: fact.wait,
        by: fact.by,
        ...(fact.decision === undefined ? {} : { decision: fact.decision }),
      };
    case "Replied":
      return { t: fact.t, run: fact.run, status: fact.status };
    case "ExecutionFinished":
      return { t: fact.t, status: fact.status, ...(fact.failure ? { failure: short(fact.failure) } : {}) };
    case "BlockStarted":
      return { t: fact.t, run: fact.run };
    case "ScopeOpened":
      return { t: fact.t, scope: fact.scope, iteration: fact.iteration };
    case "ScopeClosed":
      return { t: fact.t, scope: fact.scope, outcome: fact.outcome };
    default:
      return { t: fact.t, ...("run" in fact ? { run: fact.run } : {}) };
  }
}

/** Items per port, where the fact tells them. */
function outOf({ outputs, changes }: Fact & { t: "NodeFinished" }): {
  out?: Record<string, number | null>;
} {
  if (outputs === undefined && changes === undefined) return {};
  const out: Record<string, number | null> = {};
  for (const [port, changed] of Object.entries(changes ?? {})) out[port] = countOf(changed);
  for (const [port, { items }] of Object.entries(outputs ?? {})) out[port] = countOf(items);
  return { out };
}

/** A list that went to the blob store is a reference here. */
function countOf(items: unknown): number | null {
  return Array.isArray(items) ? items.length : null;
}

function short(failure: Failure): { code: string; message: string } {
  return { code: failure.code, message: failure.message.slice(0, 300) };
}
