// A node starts at most once in a scope and settles at most once, after the wires that lead to it; every item of it
// settles once; nothing starts while an execution is paused.
import type { Fact, WorkflowDefinition } from "@auraos/kernel";
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

type Scope = { runs: Map<string, Run>; isEnding: boolean };
type Run = { isStarted: boolean; isSettled: boolean; items: Set<number> };

export function checkRuns(
  { verdict }: Evidence,
  record: ExecutionRecord,
  definition: WorkflowDefinition,
): void {
  const scopes = new Map<string, Scope>([["", newScope()]]);
  const sources = sourcesOf(definition);
  let isPaused = false;
  /** The node from which an execution is run again: it waits for nothing. */
  let again = "";

  const runOf = (id: string): Run | undefined => {
    const scope = scopes.get(scopeOf(id));
    if (scope === undefined) {
      verdict.illegal("no-scope", `${record.id}: ${id} stands in a scope that is not open`);
      return undefined;
    }
    let run = scope.runs.get(nodeOf(id));
    if (run === undefined) {
      run = { isStarted: false, isSettled: false, items: new Set() };
      scope.runs.set(nodeOf(id), run);
    }
    return run;
  };
  const start = (id: string): void => {
    const run = runOf(id);
    if (run === undefined || run.isStarted) return;
    if (run.isSettled)
      verdict.duplicated("run-again", `${record.id}: ${id} starts again after it has settled`);
    run.isStarted = true;
    checkReady(id);
  };
  const settle = (id: string, fact: Fact): void => {
    const run = runOf(id);
    if (run === undefined) return;
    if (run.isSettled) verdict.duplicated("settled-twice", `${record.id}: ${id} settles again (${fact.t})`);
    if (!run.isStarted && fact.t === "NodeFinished") checkReady(id);
    run.isSettled = true;
  };
  /** Everything that leads here has settled, unless the join is an early one. */
  const checkReady = (id: string): void => {
    const node = sources.get(nodeOf(id));
    if (node === undefined || node.isEarly || id === again) return;
    for (const source of node.from)
      if (scopes.get(scopeOf(id))?.runs.get(source)?.isSettled !== true)
        verdict.illegal("started-early", `${record.id}: ${id} starts before ${source} has settled`);
  };

  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      switch (fact.t) {
        case "ExecutionStarted":
          // Taken over from the execution that is run again.
          for (const { node } of fact.kept ?? [])
            scopes.get("")?.runs.set(node, { isStarted: true, isSettled: true, items: new Set() });
          if (fact.kept && fact.start.origin) again = fact.start.origin.node;
          break;
        case "Paused":
          isPaused = true;
          break;
        case "Resumed":
          isPaused = false;
          break;
        case "ActivityScheduled":
        case "ChildScheduled":
        case "ItemsStarted":
        case "BlockStarted":
        case "WaitOpened":
          if (isPaused)
            verdict.illegal("paused", `${record.id}: ${fact.t} of ${fact.run} while it is paused`);
          if (fact.t === "ItemsStarted" && runOf(fact.run)?.isStarted)
            verdict.duplicated("run-again", `${record.id}: ${fact.run} begins its items twice`);
          if (fact.t === "BlockStarted" && runOf(fact.run)?.isStarted)
            verdict.duplicated("run-again", `${record.id}: block ${fact.run} begins twice`);
          start(fact.run);
          break;
        case "ItemsSettled":
          for (const [index] of [...fact.results, ...(fact.failures ?? [])]) {
            const items = runOf(fact.run)?.items;
            if (items?.has(index))
              verdict.duplicated("item-twice", `${record.id}: item ${index} of ${fact.run} settles twice`);
            items?.add(index);
          }
          break;
        case "NodeFinished":
        case "NodeFailed":
        case "NodeDead":
        case "NodeCancelled":
          settle(fact.run, fact);
          break;
        case "ScopeOpened":
          if (isPaused) verdict.illegal("paused", `${record.id}: ${fact.scope} opens while it is paused`);
          if (scopes.has(fact.scope))
            verdict.duplicated("scope-twice", `${record.id}: ${fact.scope} opens twice`);
          if (scopes.get(scopeOf(fact.block))?.runs.get(nodeOf(fact.block))?.isSettled)
            verdict.duplicated("run-again", `${record.id}: ${fact.scope} opens after its block has settled`);
          scopes.set(fact.scope, newScope());
          break;
        case "ScopeEnding":
          (scopes.get(fact.scope) ?? newScope()).isEnding = true;
          break;
        case "ScopeClosed":
          checkQuiet(record, fact.scope, scopes.get(fact.scope));
          scopes.delete(fact.scope);
      }
    }
  }

  function checkQuiet(of: ExecutionRecord, path: string, scope: Scope | undefined): void {
    for (const [node, run] of scope?.runs ?? [])
      if (run.isStarted && !run.isSettled)
        verdict.illegal("not-drained", `${of.id}: ${path} closes while ${node} is under way`);
  }
}

function newScope(): Scope {
  return { runs: new Map(), isEnding: false };
}

function sourcesOf(definition: WorkflowDefinition): Map<string, { from: string[]; isEarly: boolean }> {
  const sources = new Map<string, { from: string[]; isEarly: boolean }>();
  for (const node of definition.nodes) {
    const isEarly = node.join === "first" || typeof node.join === "object";
    sources.set(node.id, { from: [], isEarly });
  }
  for (const { from, to } of definition.connections) sources.get(to)?.from.push(from);
  return sources;
}

export function scopeOf(run: string): string {
  return run.slice(0, run.lastIndexOf("/") + 1);
}

export function nodeOf(run: string): string {
  return run.slice(run.lastIndexOf("/") + 1);
}
