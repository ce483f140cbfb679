// Pure nodes are computed inside the turn that caused them: ten of them in a row cost one write.
// Items that pass unchanged are recorded by index (`picks`), so routing a big list does not write it again; items that
// only gained some fields are recorded by those (`changes`).

import { changesOf } from "../changes.ts";
import { errorItem } from "../evolve/blocks.ts";
import type { Failure } from "../failure.ts";
import { NodeError } from "../failure.ts";
import type { Item, Lineage, Outputs } from "../item.ts";
import type { Json, JsonObject } from "../json.ts";
import type { PureCall } from "../nodeType.ts";
import type { ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { ScopeState } from "../state.ts";
import { allInputs, inputItems } from "../wires.ts";
import { failNode } from "./failing.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

export function evaluateNode(turn: Turn, id: string, node: ProgramNode, scope: ScopeState): void {
  const items = inputItems(turn.state, scope, node);
  turn.work += items.length;
  const evaluation = new Scope(turn.program, turn.state, id, 0, turn.nowMs);
  try {
    const fact =
      node.type.per === "item"
        ? perItem(node, items, evaluation)
        : perList(node, items, evaluation, allInputs(turn.state, scope, node));
    if (node.def.alwaysOutput && isEmpty(fact))
      fact.outputs = { [node.ports[0] ?? "main"]: { items: [{ json: {} }] } };
    settleNode(turn, { t: "NodeFinished", run: id, ...fact });
  } catch (error) {
    failNode(turn, id, toFailure(error));
  }
}

type Computed = {
  outputs?: Outputs;
  picks?: Record<string, number[]>;
  changes?: Record<string, JsonObject[]>;
  handled?: Failure;
};

function perList(
  node: ProgramNode,
  items: readonly Item[],
  scope: Scope,
  inputs: Record<string, readonly Item[]>,
): Computed {
  const call = new Call(node, scope);
  call.config = node.config.resolve(scope);
  call.items = items;
  call.inputs = inputs;
  return { outputs: node.type.evaluate?.(call) ?? {} };
}

function perItem(node: ProgramNode, items: readonly Item[], scope: Scope): Computed {
  const gathered = new Gathered(items);
  const call = new Call(node, scope);
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

function resolveOnce(node: ProgramNode, scope: Scope, count: number): JsonObject | undefined {
  return count === 0 ? {} : node.config.resolve(scope);
}

/** One call object serves all items of a run: node code must not keep it. */
class Call implements PureCall {
  config: JsonObject = {};
  items: readonly Item[] = [];
  inputs: Record<string, readonly Item[]> = {};
  index = 0;
  readonly nowMs: number;
  readonly #node: ProgramNode;
  readonly #scope: Scope;

  constructor(node: ProgramNode, scope: Scope) {
    this.nowMs = scope.nowMs;
    this.#node = node;
    this.#scope = scope;
  }

  at(field: string, index: number): Json | undefined {
    const lazy = this.#node.config.lazy[field];
    if (!lazy) return undefined;
    if (this.#node.type.per === "list") this.#scope.itemIndex = index;
    return lazy(this.#scope);
  }

  get seed(): string {
    return this.#scope.seed;
  }

  get zone(): string {
    return this.#scope.zone;
  }
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
      // Several ports keep their order, which one form for all of them makes plain.
      const changes = lineage === "same" && ports.length === 1 ? changesOf(this.#input, at.items) : undefined;
      if (changes) return { changes: { [port]: changes } };
      outputs[port] = { items: at.items, lineage };
    }
    return { outputs };
  }
}

function isEmpty(computed: Computed): boolean {
  if (computed.picks || computed.changes) return false;
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
