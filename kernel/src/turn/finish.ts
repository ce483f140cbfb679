// The end of an execution: its output is what reached the ends of the top level, unless it replied.

import { scopeResult } from "../evolve/blocks.ts";
import type { ScopeOutcome } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Json } from "../json.ts";
import { ROOT } from "../paths.ts";
import type { ScopeState } from "../state.ts";
import { collapse } from "./reply.ts";
import type { Turn } from "./turn.ts";

export function finish(turn: Turn, outcome: ScopeOutcome, failure: Failure | undefined): void {
  if (outcome === "completed") {
    const output = turn.state.reply ? turn.state.reply.body : endOutput(turn);
    turn.emit({ t: "ExecutionFinished", status: "succeeded", output });
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

function endOutput(turn: Turn): Json {
  return collapse(scopeResult(turn.program, turn.state.scopes[ROOT] as ScopeState, undefined));
}
