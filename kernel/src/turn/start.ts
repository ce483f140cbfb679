// The first turn: the trigger that fired passes the input on, the others are not chosen.
import type { Event } from "../events.ts";
import { ROOT, runId } from "../paths.ts";
import type { Program, ProgramNode } from "../program.ts";
import { settleNode, startable } from "./settle.ts";
import type { Turn } from "./turn.ts";

export function begin(turn: Turn, event: Event & { type: "ExecutionStarted" }): void {
  const timeoutMs = turn.program.definition.settings?.timeoutMs;
  turn.emit({
    t: "ExecutionStarted",
    start: event.start,
    items: event.items,
    ...(timeoutMs === undefined ? {} : { timeoutAt: turn.nowMs + timeoutMs }),
    ...(event.kept ? { kept: event.kept } : {}),
    ...(event.edited ? { edited: event.edited } : {}),
  });
  const fired = triggerOf(turn.program, event.start.trigger);
  for (const id of turn.program.frames.get("")?.roots ?? []) {
    const node = turn.program.nodes.get(id) as ProgramNode;
    if (turn.state.scopes[ROOT]?.runs[id]) continue;
    if (event.start.origin?.node === id || fired === undefined) turn.queue.push(id);
    else if (node.id !== fired.id)
      settleNode(turn, { t: "NodeDead", run: runId(ROOT, id), why: "notChosen" });
    else
      settleNode(turn, {
        t: "NodeFinished",
        run: runId(ROOT, id),
        from: "input",
        port: node.ports[0] ?? "main",
      });
  }
  startable(turn, ROOT);
}

/** The named trigger, else the manual one, else the first; undefined when the workflow has none: all roots start. */
function triggerOf(program: Program, named: string | undefined): ProgramNode | undefined {
  const triggers = [...program.nodes.values()].filter((node) => node.type.structure === "trigger");
  return (
    triggers.find((node) => node.id === named) ??
    triggers.find((node) => node.def.type === "trigger.manual") ??
    triggers[0]
  );
}
