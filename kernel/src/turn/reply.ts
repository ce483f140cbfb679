// Answers to the caller: the first wins, a second is recorded as ignored. And the node that stops with an error.
import type { Failure } from "../failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import { collapse } from "../result.ts";
import { Scope } from "../scope.ts";
import type { ScopeState } from "../state.ts";
import { inputItems, nodeAt } from "../wires.ts";
import { failNode } from "./failing.ts";
import { toFailure } from "./pure.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

export function respond(turn: Turn, id: string, node: ProgramNode): void {
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  let config: JsonObject;
  try {
    config = node.config.resolve(new Scope(turn.program, turn.state, id, 0, turn.nowMs));
  } catch (error) {
    return failNode(turn, id, toFailure(error));
  }
  if (turn.state.reply) turn.emit({ t: "ReplyIgnored", run: id });
  else {
    const body = "body" in config ? (config.body as Json) : collapse(inputItems(turn.state, scope, node));
    const status = typeof config.status === "number" ? config.status : 200;
    const headers = config.headers as Record<string, string> | undefined;
    turn.emit({ t: "Replied", run: id, status, ...(headers ? { headers } : {}), body });
    turn.commands.push({ type: "Reply", status, ...(headers ? { headers } : {}), body });
  }
  settleNode(turn, { t: "NodeFinished", run: id, from: "input", port: node.ports[0] ?? "main" });
}

export function stop(turn: Turn, id: string): void {
  failNode(turn, id, stopFailure(turn, id));
}

function stopFailure(turn: Turn, id: string): Failure {
  try {
    const config = nodeAt(turn.program, id).config.resolve(
      new Scope(turn.program, turn.state, id, 0, turn.nowMs),
    );
    const message =
      typeof config.message === "string" ? config.message : JSON.stringify(config.message ?? "Stopped.");
    return {
      code: typeof config.code === "string" ? config.code : "STOPPED",
      class: "data",
      message,
      certainty: "notDone",
    };
  } catch (error) {
    return toFailure(error);
  }
}
