// The subscriptions of a definition, registered in the transaction that publishes: trigger.event, trigger.workflow,
// trigger.join, and one for each trigger that listens outside. A trigger that was there before keeps its place, what it
// holds and its pause.

import type { Evaluator } from "@auraos/kernel";
import { isObject, type JsonObject, type Problem, type WorkflowDefinition } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { type OutsideTrigger, outsideTriggersOf, sourceOf } from "../triggers/outsideTriggers.ts";
import type { Flow, SubscriptionSpec } from "./bus.types.ts";
import { isPattern } from "./match.ts";
import { deleteSubscriptions, putSubscription } from "./store.ts";

export type SubscriptionOwner = { orgId: string; envId: string; workflowId: string };

export async function registerSubscriptions(
  deps: { newId: () => string; evaluator: Evaluator },
  tx: Transaction,
  owner: SubscriptionOwner,
  definition: WorkflowDefinition,
  triggerIds: ReadonlyMap<string, string>,
): Promise<void> {
  const outside = new Map(outsideTriggersOf(definition).map((trigger) => [trigger.node, trigger]));
  const kept: string[] = [];
  for (const node of definition.nodes) {
    if (node.disabled === true) continue;
    const config = isObject(node.config) ? node.config : {};
    const spec = specOf(node.type, config, outside.get(node.id), triggerIds.get(node.id));
    if (spec === undefined) continue;
    const problems = problemsOf(deps.evaluator, node.id, spec);
    if (problems.length > 0)
      throw refuse(
        422,
        "DEFINITION_INVALID",
        `The trigger "${node.id}" has problems; nothing was published.`,
        "Correct what `problems` lists.",
        { problems },
      );
    kept.push(node.id);
    await putSubscription(tx, { id: deps.newId(), ...owner, node: node.id, spec: JSON.stringify(spec) });
  }
  await deleteSubscriptions(tx, owner, kept);
}

export async function endSubscriptions(
  tx: Transaction,
  owner: Omit<SubscriptionOwner, "envId">,
): Promise<void> {
  await deleteSubscriptions(tx, owner, []);
}

function specOf(
  type: string,
  config: JsonObject,
  outside: OutsideTrigger | undefined,
  triggerId: string | undefined,
): SubscriptionSpec | undefined {
  if (type === "trigger.event") {
    const { types = [], filter, key } = config as { types?: string[]; filter?: string; key?: string };
    return {
      types,
      ...(filter === undefined ? {} : { filter: String(filter) }),
      ...(key === undefined ? {} : { key }),
      ...flowOf(config),
      give: "event",
    };
  }
  if (type === "trigger.workflow") {
    const { workflows, on = ["succeeded"] } = config as { workflows?: string[]; on?: string[] };
    return {
      types: on.map((status) => `auraos.execution.${status}`),
      ...(workflows === undefined ? {} : { workflows }),
      flow: "each",
      give: "data",
    };
  }
  if (type === "trigger.join") {
    const {
      workflows = [],
      on = ["succeeded"],
      windowSeconds = 3600,
    } = config as {
      workflows?: string[];
      on?: string[];
      windowSeconds?: number;
    };
    return {
      types: on.map((status) => `auraos.execution.${status}`),
      workflows,
      ...{ flow: "join", upstream: workflows, windowSeconds, give: "data" },
    };
  }
  if (outside === undefined || triggerId === undefined) return undefined;
  const isOrdered = config.inOrder === true;
  return {
    types: [`auraos.${type}`],
    source: sourceOf(triggerId),
    flow: isOrdered ? "ordered" : "each",
    give: "data",
  };
}

function flowOf(config: JsonObject): Flow {
  const number = (name: string, otherwise: number) =>
    typeof config[name] === "number" ? config[name] : otherwise;
  const rate = { limit: number("limit", 1), perSeconds: number("perSeconds", 1) };
  switch (config.flow) {
    case "ordered":
    case "singleton":
      return { flow: config.flow };
    case "debounce":
      return {
        flow: "debounce",
        quietSeconds: number("quietSeconds", 10),
        ...(config.maxWaitSeconds === undefined ? {} : { maxWaitSeconds: number("maxWaitSeconds", 60) }),
      };
    case "throttle":
      return { flow: "throttle", ...rate, burst: number("burst", 1) };
    case "rateLimit":
      return { flow: "rateLimit", ...rate };
    case "batch":
      return { flow: "batch", size: number("size", 100), waitSeconds: number("waitSeconds", 10) };
    default:
      return { flow: "each" };
  }
}

function problemsOf(evaluator: Evaluator, node: string, spec: SubscriptionSpec): Problem[] {
  const problems: Problem[] = spec.types
    .filter((type) => !isPattern(type))
    .map((type) => ({
      code: "EVENT_TYPE_INVALID",
      message: `"${type}" is no type of events.`,
      remedy: "Write words joined by dots, such as order.created; * is one word, ** any number.",
      path: "/config/types",
      node,
      field: "types",
    }));
  for (const field of ["filter", "key"] as const) {
    const text = spec[field];
    if (text === undefined) continue;
    const compiled = evaluator.compileTemplate(text, { mode: "lenient" });
    if (compiled.ok && compiled.template.nodes.length === 0) continue;
    const [first] = compiled.ok ? [] : compiled.problems;
    problems.push({
      code: first?.code ?? "NODE_NOT_REACHABLE",
      message: first?.message ?? `"${field}" of a trigger cannot look at other nodes.`,
      remedy: first?.hint ?? "Use $json, which is the event.",
      path: `/config/${field}`,
      node,
      field,
      ...(first ? { position: first.start } : {}),
    });
  }
  return problems;
}
