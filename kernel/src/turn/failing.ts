// What a failure becomes.
//
// In this order: retries -> the node's own mode (fallback, error port, park; per item) -> its scope.
// A `once` activity is tried again only when it certainly did not happen.

import type { ErrorHandling, RetryPolicy } from "../definition.ts";
import { errorItem } from "../evolve/blocks.ts";
import type { Failure } from "../failure.ts";
import type { Item, Outputs } from "../item.ts";
import { commandId, scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import type { OpenCommand, ScopeState } from "../state.ts";
import { inputItems, nodeAt } from "../wires.ts";
import { batchOf, finishList, isStopping, settleFailed, settleItem } from "./items.ts";
import { retryAt } from "./retry.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

/** What a failure becomes: another attempt, a question to the outside world, an output, a parked run, or a failed node. */
export function applyFailure(
  turn: Turn,
  id: string,
  item: number | undefined,
  attempt: number,
  failure: Failure,
  command: OpenCommand | undefined,
  confirmed = false,
): void {
  const node = nodeAt(turn.program, id);
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  const located: Failure = { ...failure, run: id, ...(item === undefined ? {} : { item }) };
  if (command?.effect === "once") located.certainty ??= "unknown";
  const isUnknown = command?.effect === "once" && located.certainty === "unknown";
  if (isUnknown && canConfirm(node) && !confirmed) {
    const at = Math.max(turn.nowMs, (command.deadline ?? turn.nowMs) + CONFIRM_SKEW_MS);
    return turn.emit({ t: "ConfirmScheduled", command: commandId(id, item), at, failure: located });
  }
  const isOver = scope.ending !== undefined || isStopping(turn, id);
  if (located.needsDecision && !isOver) return park(turn, id, item, attempt, located);
  if (!isOver && !isUnknown && command) {
    const at = retryAt(turn, policyOf(node), command, attempt, located);
    if (at !== null)
      return turn.emit({
        t: "RetryScheduled",
        command: commandId(id, item),
        attempt: attempt + 1,
        at,
        failure: located,
      });
  }
  if (isUnknown && !isOver && unknownMode(node, located) === "park")
    return park(turn, id, item, attempt, located);
  byMode(turn, id, item, attempt, located, isOver);
}

function canConfirm({ type, def }: ProgramNode): boolean {
  return typeof type.confirms === "function" ? type.confirms(def.config ?? {}) : type.confirms === true;
}

/** How long after its deadline an activity may still be on the wire. */
const CONFIRM_SKEW_MS = 1_000;

function unknownMode(node: ProgramNode, failure: Failure): "park" | "fail" {
  return node.def.errorHandling?.onUnknown ?? (failure.lost ? "park" : "fail");
}

const RETRY_DEFAULT: RetryPolicy = {
  attempts: 3,
  backoff: "exponential",
  delayMs: 1_000,
  factor: 2,
  delayMsMax: 30_000,
  jitter: 0.2,
};

const RETRY_NEVER: RetryPolicy = { attempts: 1 };

function policyOf(node: ProgramNode): RetryPolicy {
  return (
    node.def.errorHandling?.retry ?? (node.type.structure === "subworkflow" ? RETRY_NEVER : RETRY_DEFAULT)
  );
}

function byMode(
  turn: Turn,
  id: string,
  item: number | undefined,
  attempt: number,
  failure: Failure,
  ending: boolean,
): void {
  const node = nodeAt(turn.program, id);
  const handling: ErrorHandling = node.def.errorHandling ?? {};
  const mode = handling.onError ?? "fail";
  if (mode === "park" && !ending) return park(turn, id, item, attempt, failure);
  if (mode === "fallback" || mode === "errorPort") {
    const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
    const input = inputItems(turn.state, scope, node);
    const outputs: Outputs =
      mode === "fallback"
        ? { [node.ports[0] ?? "main"]: { items: [{ json: handling.fallback ?? null }] } }
        : {
            error: {
              items:
                item === undefined
                  ? input.map((each) => errorItem(each, failure))
                  : [errorItem(input[item] as Item, failure)],
            },
          };
    return item === undefined
      ? finishList(turn, id, outputs, attempt, failure)
      : settleItem(turn, id, item, attempt, outputs, failure);
  }
  if (item === undefined) {
    // A loser of an early join fails nobody.
    if (isStopping(turn, id)) return settleNode(turn, { t: "NodeCancelled", run: id, why: "joinSatisfied" });
    return settleFailed(turn, id, failure, attempt);
  }
  const batch = batchOf(turn, id);
  batch.seen.add(item);
  batch.failures.push([item, failure, attempt]);
}

/** A failure of a node as a whole (pure nodes, structural nodes, blocks): its own mode, then its scope. */
export function failNode(turn: Turn, id: string, failure: Failure): void {
  applyFailure(turn, id, undefined, 1, failure, undefined);
}

function park(turn: Turn, id: string, item: number | undefined, attempt: number, failure: Failure): void {
  turn.emit({ t: "NodeParked", run: id, ...(item === undefined ? {} : { item }), failure, attempt });
}
