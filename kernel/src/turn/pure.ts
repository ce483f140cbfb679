// Pure nodes are computed inside the turn that caused them: ten of them in a row cost one write.
// Items that pass unchanged are recorded by index (`picks`), so routing a big list does not write it again.

import { errorItem } from "../evolve/blocks.ts";
import type { Failure } from "../failure.ts";
import { NodeError } from "../failure.ts";
import type { Item, Lineage, Outputs } from "../item.ts";
import type { JsonObject } from "../json.ts";
import type { PureCall } from "../nodeType.ts";
import type { ProgramNode } from "../program.ts";
import { evaluationScope, type MutableScope } from "../scope.ts";
import type { ScopeState } from "../state.ts";
import { allInputs, inputItems } from "../wires.ts";
import { failNode } from "./activity.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

export function evaluateNode(turn: Turn, id: string, node: ProgramNode, scope: ScopeState): void {
  const items = inputItems(turn.state, scope, node);
  turn.work += items.length;
  const evaluation = evaluationScope(turn.program, turn.state, id, 0, turn.nowMs);
  try {
    const fact =
      node.type.per === "item"
        ? perItem(turn, node, items, evaluation)
        : perList(turn, node, items, evaluation, allInputs(turn.state, scope, node));
    if (node.def.alwaysOutput && isEmpty(fact))
      fact.outputs = { [node.ports[0] ?? "main"]: { items: [{ json: {} }] } };
    settleNode(turn, { t: "NodeFinished", run: id, ...fact });
  } catch (error) {
    failNode(turn, id, toFailure(error));
  }
}

type Computed = { outputs?: Outputs; picks?: Record<string, number[]>; handled?: Failure };

function perList(
  turn: Turn,
  node: ProgramNode,
  items: readonly Item[],
  scope: MutableScope,
  inputs: Record<string, readonly Item[]>,
): Computed {
  const call = pureCall(turn, node, scope);
  call.config = node.config.resolve(scope);
  call.items = items;
  call.inputs = inputs;
  return { outputs: node.type.evaluate?.(call) ?? {} };
}

/** One call object serves all items: node code must not keep it. */
function perItem(turn: Turn, node: ProgramNode, items: readonly Item[], scope: MutableScope): Computed {
  const gathered = new Gathered(items);
  const call = pureCall(turn, node, scope);
  const constant = node.config.usesItem ? undefined : resolveOnce(node, scope, items.length);
  const mode = node.def.errorHandling?.onError ?? "fail";
  let handled: Failure | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Item;
    try {
      scope.itemIndex = index;
      call.config = constant ?? node.config.resolve(scope);
      call.items = [item];
      call.inputs = { main: call.items };
      call.index = index;
      const outputs = node.type.evaluate?.(call) ?? {};
      for (const port in outputs)
        for (const out of outputs[port]?.items ?? []) gathered.add(port, out, index);
    } catch (error) {
      const failure = { ...toFailure(error), item: index };
      if (mode === "fallback")
        gathered.add(node.ports[0] ?? "main", { json: node.def.errorHandling?.fallback ?? null }, index);
      else if (mode === "errorPort") gathered.add("error", errorItem(item, failure), index);
      else throw new NodeError(failure);
      handled ??= failure;
    }
  }
  return { ...gathered.result(), ...(handled ? { handled } : {}) };
}

function resolveOnce(node: ProgramNode, scope: MutableScope, count: number): JsonObject | undefined {
  return count === 0 ? {} : node.config.resolve(scope);
}

function pureCall(turn: Turn, node: ProgramNode, scope: MutableScope): PureCall & { config: JsonObject } {
  return {
    config: {},
    items: [],
    inputs: {},
    index: 0,
    at: (field, index) => {
      const lazy = node.config.lazy[field];
      if (!lazy) return undefined;
      scope.itemIndex = node.type.per === "item" ? scope.itemIndex : index;
      return lazy(scope);
    },
    nowMs: turn.nowMs,
    get seed() {
      return scope.seed;
    },
    zone: turn.program.zone,
  };
}

/** Gathers what comes out per port, noticing when only input items pass through. */
class Gathered {
  readonly #input: readonly Item[];
  readonly #ports: Record<string, { items: Item[]; lineage: number[]; same: boolean }> = {};
  #routed = true;

  constructor(input: readonly Item[]) {
    this.#input = input;
  }

  add(port: string, item: Item, index: number): void {
    let at = this.#ports[port];
    if (!at) {
      at = { items: [], lineage: [], same: true };
      this.#ports[port] = at;
    }
    if (item !== this.#input[index]) this.#routed = false;
    if (at.lineage.length !== index) at.same = false;
    at.items.push(item);
    at.lineage.push(index);
  }

  result(): Computed {
    const ports = Object.entries(this.#ports);
    if (this.#routed && ports.length > 0)
      return { picks: Object.fromEntries(ports.map(([port, at]) => [port, at.lineage])) };
    const outputs: Outputs = {};
    for (const [port, at] of ports) {
      const lineage: Lineage = at.same && at.items.length === this.#input.length ? "same" : at.lineage;
      outputs[port] = { items: at.items, lineage };
    }
    return { outputs };
  }
}

function isEmpty(computed: Computed): boolean {
  if (computed.picks) return false;
  return Object.values(computed.outputs ?? {}).every((output) => output.items.length === 0);
}

/** A thrown NodeError is a failure of the data; anything else is a bug of the node type and never retried. */
export function toFailure(error: unknown): Failure {
  if (error instanceof NodeError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "NODE_BUG",
    class: "unknown",
    message: `The node failed unexpectedly: ${message}`,
    remedy: "Report this with the workflow.",
    certainty: "notDone",
  };
}
