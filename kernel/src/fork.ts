// Re-run from a node: a new execution that takes over what stood before that node, by reference to the recorded facts.
import type { Event, KeptRun, StartRecord } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { Fact } from "./facts.ts";
import type { Failure } from "./failure.ts";
import type { Item, Outputs } from "./item.ts";
import type { Effect } from "./nodeType.ts";
import { commandId, ROOT } from "./paths.ts";
import type { Program } from "./program.ts";
import { type NodeRun, newState } from "./state.ts";

export type ForkRequest = {
  /** The version that the original ran on. */
  original: Program;
  /** The version to run now; often the same. */
  program: Program;
  /** All facts of the original, in order. */
  facts: readonly Fact[];
  /** Seq of the last turn of the original. */
  seq: number;
  /** Top-level node or block to run again, with all that follows it; absent = from the start. */
  node?: string;
  /** Keep everything that succeeded and run the rest again (`node` absent). Unfinished effects keep their keys. */
  failed?: boolean;
  items?: Item[];
  repeatEffects?: boolean;
  /** Ids, seed and actor of the new execution. */
  start: Pick<StartRecord, "executionId" | "seed" | "versionId" | "mode"> & { actor?: string };
};

export type Forked =
  | { ok: true; event: Event & { type: "ExecutionStarted" } }
  | { ok: false; code: string; message: string; remedy: string };

export function forkStart(request: ForkRequest): Forked {
  const { original, program, node } = request;
  const target = node === undefined ? undefined : program.nodes.get(node);
  if (node !== undefined && !target)
    return refusal(
      "UNKNOWN_NODE",
      `There is no node "${node}" in this version.`,
      "Use the id of a top-level node.",
    );
  if (target && target.frame !== "")
    return refusal("NOT_TOP_LEVEL", `"${node}" stands inside a block.`, "Re-run from its outermost block.");
  const history = replay(original, request.facts);
  if (!history.start)
    return refusal("NOT_STARTED", "The original has no recorded start.", "Start the workflow anew.");
  const again = nodesToRun(request, program, history.runs, target?.id);
  const repeated = [...history.effects]
    .filter(([id, effect]) => again.has(id) && (effect === "once" || !request.failed))
    .map(([id]) => id);
  if (repeated.length > 0 && !request.repeatEffects)
    return refusal(
      "EFFECTS_DONE",
      `Running again would repeat effects that succeeded or may have happened: ${repeated.slice(0, 5).join(", ")}.`,
      "Confirm with `repeatEffects: true`; the effects then get new idempotency keys.",
    );
  const { start } = history;
  const fresh: StartRecord = {
    ...start,
    ...request.start,
    depth: start.depth,
    generation: start.generation + (request.repeatEffects ? 1 : 0),
    origin: { executionId: start.executionId, seq: request.seq, node: node ?? "" },
  };
  delete fresh.parent;
  if (!target && !request.failed)
    return {
      ok: true,
      event: { type: "ExecutionStarted", start: fresh, items: request.items ?? history.items },
    };
  const kept = keptRuns(program, history.runs, again);
  return {
    ok: true,
    event: {
      type: "ExecutionStarted",
      start: fresh,
      items: history.items,
      kept,
      ...(request.items ? { edited: request.items } : {}),
    },
  };
}

function refusal(code: string, message: string, remedy: string): Forked {
  return { ok: false, code, message, remedy };
}

type Replayed = {
  start?: StartRecord;
  items: Item[];
  runs: Record<string, NodeRun>;
  effects: Map<string, Effect>;
};

/** Folds the whole history keeping every output, and notes which top-level nodes brought effects about. */
function replay(program: Program, facts: readonly Fact[]): Replayed {
  const state = newState();
  const keeping: Program = { ...program, keepAll: true };
  const replayed: Replayed = { items: [], runs: {}, effects: new Map() };
  const pending = new Map<string, Effect>();
  /** `once` effects that were sent and did not certainly fail, by command. */
  const sent = new Set<string>();
  for (const fact of facts) {
    if (fact.t === "ExecutionFinished") break;
    if (fact.t === "ExecutionStarted") {
      replayed.start = fact.start;
      replayed.items = fact.items;
    }
    if (fact.t === "ActivityScheduled" && (fact.effect === "idempotent" || fact.effect === "once"))
      pending.set(fact.run, fact.effect);
    if (fact.t === "ChildScheduled") pending.set(fact.run, "idempotent");
    if (fact.t === "NodeFinished" || (fact.t === "ItemsSettled" && fact.results.length > 0)) {
      const effect = pending.get(fact.run);
      if (effect && replayed.effects.get(topLevel(fact.run)) !== "once")
        replayed.effects.set(topLevel(fact.run), effect);
    }
    if (fact.t === "ActivityStarted") sent.add(fact.command);
    for (const command of certainlyNotDone(fact)) sent.delete(command);
    evolve(keeping, state, fact);
  }
  for (const command of sent) replayed.effects.set(topLevel(command), "once");
  replayed.runs = state.scopes[ROOT]?.runs ?? {};
  return replayed;
}

/** Commands of which this fact says that they left nothing behind in the world. */
function certainlyNotDone(fact: Fact): string[] {
  const isNotDone = ({ certainty }: Failure): boolean => certainty === "notDone";
  switch (fact.t) {
    case "RetryScheduled":
      return isNotDone(fact.failure) ? [fact.command] : [];
    case "NodeFailed":
      return isNotDone(fact.failure) ? [fact.run] : [];
    case "NodeParked":
      return isNotDone(fact.failure) ? [commandId(fact.run, fact.item)] : [];
    case "ItemsSettled":
      return [...(fact.failures ?? []), ...(fact.handled ?? [])]
        .filter(([, failure]) => isNotDone(failure))
        .map(([index]) => commandId(fact.run, index));
    default:
      return [];
  }
}

/** Of a run or of a command. */
function topLevel(run: string): string {
  return /^[^/#:]+/.exec(run)?.[0] ?? run;
}

function nodesToRun(
  request: ForkRequest,
  program: Program,
  runs: Record<string, NodeRun>,
  target: string | undefined,
): Set<string> {
  const all = program.frames.get("")?.nodes ?? [];
  const unfinished = all.filter((id) => runs[id]?.status !== "done" && runs[id]?.status !== "dead");
  // What stands beside the target and did not come to its end cannot be taken over, so it runs again too.
  if (target !== undefined) return new Set([...downstream(program, target), ...unfinished]);
  return new Set(request.failed ? unfinished : all);
}

function downstream(program: Program, from: string): Set<string> {
  const found = new Set<string>([from]);
  for (const id of found) for (const target of program.nodes.get(id)?.targets ?? []) found.add(target);
  return found;
}

function keptRuns(program: Program, runs: Record<string, NodeRun>, again: ReadonlySet<string>): KeptRun[] {
  const kept: KeptRun[] = [];
  for (const [node, run] of Object.entries(runs)) {
    if (again.has(node) || !program.nodes.has(node)) continue;
    if (run.status === "dead") kept.push({ node, status: "dead", why: run.why ?? "notChosen" });
    if (run.status === "done") kept.push({ node, status: "done", outputs: outputsOf(run) });
  }
  return kept;
}

function outputsOf(run: NodeRun): Outputs {
  const outputs: Outputs = {};
  for (const [port, state] of Object.entries(run.ports ?? {}))
    outputs[port] = { items: [...(state.items ?? [])], ...(state.lineage ? { lineage: state.lineage } : {}) };
  return outputs;
}
