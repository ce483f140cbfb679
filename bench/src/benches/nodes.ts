// What a node costs by itself, and what the engine adds to it. By itself: `evaluate` of each pure node type with the
// config of its own example on data that suits it, per item. The engine's share: nodes that do nothing, durable.
import { compileTemplate, type EvaluationScope, type Template } from "@auraos/expression";
import type { Item, Json, JsonObject, NodeDefinition } from "@auraos/kernel";
import { type NodeModule, nodeTypes } from "@auraos/nodes";
import { exampleInputs } from "@auraos/nodes/exampleInputs.ts";
import { getPath } from "@auraos/nodes/paths.ts";
import { keepBusy, withEngine } from "../engine/inProcess.ts";
import { chain, effectStep, PAYLOAD } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withDatabase } from "../measure/scratch.ts";

const NAME = "nodes";
const STEPS = 10;
const EXECUTIONS = 2_000;
const MEASURE_MS = 60;
const WARM_UP = 500;
const NOW_MS = Date.UTC(2026, 0, 31);

export const nodes: Bench = {
  about: "Cost of each pure node type by itself, and of the engine around it.",
  run: async ({ n = EXECUTIONS, note }) => {
    note("node types");
    const own = nodeTypes.flatMap((module) => {
      const us = costOf(module);
      return us === undefined ? [] : [figureOf(NAME, module.type, us, "us")];
    });
    note("engine");
    const pure = await engineShare("engine_per_pure_node", (id) => ({ id, type: "noop", config: {} }), n);
    return [...own, pure, await engineShare("engine_per_effect", effectStep, n)];
  },
};

/** Of one item, its templates that are evaluated late included. Undefined for what is no pure node. */
function costOf(module: NodeModule): number | undefined {
  const { evaluate, example = {}, type, per, lazyFields = [] } = module;
  const given = exampleInputs[type];
  if (evaluate === undefined || given === undefined) return undefined;
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, list]) => [name, list.map((json): Item => ({ json }))]),
  );
  const { main = [] } = inputs;
  const items = per === "item" ? main.slice(0, 1) : main;
  const early = Object.entries(example).filter(([field]) => !lazyFields.includes(field));
  const config = resolved(Object.fromEntries(early), items, 0) as JsonObject;
  const late = new Map<string, Template>();
  const at = (field: string, index: number): Json | undefined => {
    const source = getPath(example, field);
    if (typeof source !== "string") return source;
    const template = late.get(field) ?? templateOf(source);
    late.set(field, template);
    return template.evaluate(scopeOf(items, index)) as Json;
  };
  const call = { config, items, inputs, index: 0, at, nowMs: NOW_MS, seed: "s", zone: "UTC" };
  // Compiled code, as in a server that has run for a while.
  for (let once = 0; once < WARM_UP; once += 1) evaluate(call);
  let count = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < MEASURE_MS)
    for (let once = 0; once < 50; once += 1, count += 1) evaluate(call);
  return ((performance.now() - startedAt) * 1_000) / count / items.length;
}

function templateOf(source: string): Template {
  const compiled = compileTemplate(source);
  if (!compiled.ok) throw new Error(`${source} is no template`);
  return compiled.template;
}

function resolved(value: Json, items: readonly Item[], index: number): Json {
  if (typeof value === "string")
    return value.includes("{{") ? (templateOf(value).evaluate(scopeOf(items, index)) as Json) : value;
  if (Array.isArray(value)) return value.map((one) => resolved(one, items, index));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one, items, index)]));
}

function scopeOf(items: readonly Item[], itemIndex: number): EvaluationScope {
  const nothing = { vars: {}, execution: {}, workflow: {} };
  return {
    items,
    itemIndex,
    runIndex: 0,
    node: () => undefined,
    ...nothing,
    nowMs: NOW_MS,
    zone: "UTC",
    seed: "s",
  };
}

/** Of a node that does nothing, ten in a row: pure ones share a turn, each effect is durable before the next begins. */
async function engineShare(
  name: string,
  make: (id: string, step: number) => NodeDefinition,
  n: number,
): Promise<Figure> {
  return withDatabase(async ({ url }) => {
    const perSecond = await withEngine(url, [chain("nothing", STEPS, make)], async ({ run }) => {
      const batch = (total: number) => keepBusy(total, 500, (id) => run("nothing", { ...PAYLOAD, id }));
      await batch(Math.ceil(n / 2));
      return batch(n);
    });
    return figureOf(NAME, name, 1e6 / (perSecond * STEPS), "us");
  });
}
