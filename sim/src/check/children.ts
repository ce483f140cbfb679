// Sub-workflows and error workflows: one child per command and attempt, after the turn that asked for it; the parent
// gets the child's own result, after the child's end; a failed execution starts its error workflow exactly once.
import type { Fact, Json } from "@auraos/kernel";
import type { ExecutionRecord, TurnRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

export function checkChildren(evidence: Evidence): void {
  const { verdict, history } = evidence;
  const children = new Map<string, ExecutionRecord>();
  const errorWorkflows = new Map<string, number>();
  for (const record of history.executions.values()) {
    const { cause, parentId } = record.start;
    if (parentId === null && cause?.startsWith("error/"))
      errorWorkflows.set(cause, (errorWorkflows.get(cause) ?? 0) + 1);
    const parent = startOf(record)?.start.parent;
    if (parent === undefined) continue;
    const name = `${parent.executionId} ${parent.command}/${parent.attempt}`;
    if (children.has(name))
      verdict.duplicated("child-twice", `${name} started ${children.get(name)?.id} and ${record.id}`);
    children.set(name, record);
    const asked = scheduledIn(history.executions.get(parent.executionId), parent.command, parent.attempt);
    if (asked === undefined || asked.commit > (record.turns[0]?.commit ?? 0))
      verdict.illegal("barrier", `child ${record.id} started before ${name} was durable`);
  }
  for (const record of history.executions.values()) {
    checkResults(evidence, record, children);
    checkErrorWorkflow(evidence, record, errorWorkflows);
  }
}

function startOf(record: ExecutionRecord): (Fact & { t: "ExecutionStarted" }) | undefined {
  return record.turns[0]?.facts.find((fact) => fact.t === "ExecutionStarted");
}

function scheduledIn(
  record: ExecutionRecord | undefined,
  command: string,
  attempt: number,
): TurnRecord | undefined {
  return record?.turns.find((turn) =>
    turn.facts.some(
      (fact) => fact.t === "ChildScheduled" && fact.command === command && fact.attempt === attempt,
    ),
  );
}

function checkResults(
  { verdict }: Evidence,
  record: ExecutionRecord,
  children: ReadonlyMap<string, ExecutionRecord>,
): void {
  const asked = new Set<string>();
  const check = (
    turn: TurnRecord,
    command: string,
    attempt: number,
    items: readonly { json: Json }[],
  ): void => {
    if (!asked.has(command)) return;
    const child = children.get(`${record.id} ${command}/${attempt}`);
    const end = child?.turns.at(-1);
    if (child?.end?.status !== "succeeded" || end === undefined || end.commit > turn.commit)
      return verdict.illegal("child-result", `${record.id}: ${command} succeeds, but its child had not`);
    if (JSON.stringify(items.map((item) => item.json)) !== JSON.stringify(valuesOf(child.end.output)))
      verdict.illegal("child-result", `${record.id}: ${command} has another result than its child`);
  };
  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      if (fact.t === "ChildScheduled") asked.add(fact.command);
      if (fact.t === "NodeFinished" && fact.attempt !== undefined && fact.handled === undefined)
        check(turn, fact.run, fact.attempt, fact.outputs?.main?.items ?? []);
      if (fact.t !== "ItemsSettled") continue;
      for (const [index, outputs, attempt] of fact.results)
        check(turn, `${fact.run}:${index}`, attempt, outputs.main?.items ?? []);
    }
  }
}

function valuesOf(output: Json | undefined): Json[] {
  if (output === undefined || output === null) return [];
  return Array.isArray(output) ? output : [output];
}

function checkErrorWorkflow(
  { verdict, plans }: Evidence,
  record: ExecutionRecord,
  counts: ReadonlyMap<string, number>,
): void {
  const plan = plans.get(record.start.workflowId);
  const started = counts.get(`error/${record.id}`) ?? 0;
  const isDue =
    plan?.errorWorkflow !== undefined &&
    record.end?.status === "failed" &&
    record.start.parentId === null &&
    !record.start.cause?.startsWith("error/");
  if (started > 1)
    verdict.duplicated("error-workflow", `${record.id} started its error workflow ${started} times`);
  if (started > 0 && !isDue)
    verdict.illegal("error-workflow", `${record.id} started an error workflow without need`);
  if (started === 0 && isDue)
    verdict.lost("error-workflow", `${record.id} failed and its error workflow was not started`);
}
