// The end of an execution is the one that the model expects, whenever the model can know it: all faults that were
// played are of the kind that retries, questions and takeovers help against.
import { answers, tagOf } from "../client/people.ts";
import { collapse, expect } from "../workflows/model.ts";
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

/** Gives whether the model had something to say. */
export function checkOutput(evidence: Evidence, record: ExecutionRecord): boolean {
  const { verdict, plans, history, meddled } = evidence;
  const plan = plans.get(record.start.workflowId);
  const start = record.turns[0]?.facts.find((fact) => fact.t === "ExecutionStarted");
  if (record.end === null || plan === undefined || start === undefined) return false;
  if (record.end.status === "cancelled" || record.end.status === "terminated") {
    if (!mayBeStopped(evidence, record))
      verdict.illegal("stopped-by-nobody", `${record.id} is ${record.end.status}, and nobody asked for it`);
    return false;
  }
  if (isDisturbed(evidence, record)) return false;
  // A reply that was given before the execution was run again is not given again, so the end is the output.
  const replies = plan.steps.filter((step) => step.kind === "respond").map((step) => step.id);
  if (start.kept?.some(({ node }) => replies.includes(node))) return false;
  const input = start.items.map((item) => (item.json as { n?: number }).n);
  if (!input.every((n) => n !== undefined)) return false;
  const expected = expect(plans, plan, input, tagOf(history, record), answers);
  if (expected.kind === "unknown") return false;
  const found =
    record.end.status === "failed" ? `failed ${record.end.failure?.code}` : plain(record.end.output);
  if (expected.kind === "failed") {
    const isOne = record.end.status === "failed" && expected.codes.has(record.end.failure?.code ?? "");
    if (!isOne)
      verdict.illegal(
        "output",
        `${record.id} (${plan.name}) ends with ${found}, not with failure ${[...expected.codes]}`,
      );
  } else if (found !== JSON.stringify(expected.output))
    verdict.illegal(
      "output",
      `${record.id} (${plan.name}) ends with ${found}, not with ${JSON.stringify(expected.output)}`,
    );
  return !meddled.has(record.id);
}

/** Without what only made the value big. */
function plain(output: unknown): string {
  if (output === null || output === undefined) return "null";
  const items = (Array.isArray(output) ? output : [output]) as { n: number }[];
  return JSON.stringify(collapse(items));
}

/** Somebody asked, or its parent no longer needs it, or another took its place. */
function mayBeStopped({ plans, history, meddled }: Evidence, record: ExecutionRecord): boolean {
  const asked = meddled.get(record.id);
  if (asked?.has("CancelRequested") || asked?.has("TerminateRequested")) return true;
  if (record.start.parentId !== null && history.executions.has(record.start.parentId)) return true;
  return plans.get(record.start.workflowId)?.concurrency?.overlap === "cancelOther";
}

/** In itself or in one of its descendants something happened that nothing helps against. */
function isDisturbed(evidence: Evidence, record: ExecutionRecord): boolean {
  const { outside, history, meddled } = evidence;
  if (outside.disturbed.has(record.id) || isStoppedByPeople(meddled.get(record.id))) return true;
  const origin = record.start.originId === null ? undefined : history.executions.get(record.start.originId);
  if (origin !== undefined && isDisturbed(evidence, origin)) return true;
  for (const child of history.executions.values())
    if (child.start.parentId === record.id && isDisturbed(evidence, child)) return true;
  return false;
}

function isStoppedByPeople(asked: ReadonlySet<string> | undefined): boolean {
  return asked?.has("CancelRequested") === true || asked?.has("TerminateRequested") === true;
}
