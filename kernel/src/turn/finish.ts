// The end of an execution: its output is what reached the ends of the top level, unless it replied.

import { scopeResult } from "../evolve/blocks.ts";
import type { ScopeOutcome } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Item } from "../item.ts";
import { ROOT } from "../paths.ts";
import { collapse, shapeOf } from "../result.ts";
import type { ScopeState } from "../state.ts";
import type { Turn } from "./turn.ts";

export function finish(turn: Turn, outcome: ScopeOutcome, failure: Failure | undefined): void {
  if (outcome === "completed") {
    const { reply } = turn.state;
    const items = reply ? NOTHING : endItems(turn);
    const output = reply ? reply.body : collapse(items);
    turn.emit({ t: "ExecutionFinished", status: "succeeded", output, ...shapeOf(items) });
    turn.commands.push({ type: "FinishExecution", status: "succeeded", output });
    return;
  }
  if (outcome === "failed" && failure) {
    turn.emit({ t: "ExecutionFinished", status: "failed", failure });
    turn.commands.push({ type: "FinishExecution", status: "failed", failure });
    return;
  }
  const why: Failure = {
    code: "CANCELLED",
    class: "cancelled",
    message: turn.state.cancel?.reason ?? "The execution was cancelled.",
  };
  turn.emit({ t: "ExecutionFinished", status: "cancelled", failure: why });
  turn.commands.push({ type: "FinishExecution", status: "cancelled", failure: why });
}

const NOTHING: readonly Item[] = [];

function endItems(turn: Turn): readonly Item[] {
  return scopeResult(turn.program, turn.state.scopes[ROOT] as ScopeState, undefined);
}
