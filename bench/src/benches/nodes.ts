// What a node costs by itself, and what the engine adds to it. By itself: `evaluate` of each pure node type on one item,
// with the config of its own example. The engine's share: a node that does nothing, ten in a row, durable.
import type { Item, Json, JsonObject } from "@auraos/kernel";
import { type NodeModule, nodeTypes } from "@auraos/nodes";
import { keepBusy, withEngine } from "../engine/inProcess.ts";
import { chain, PAYLOAD } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withDatabase } from "../measure/scratch.ts";

const NAME = "nodes";
const STEPS = 10;
const EXECUTIONS = 2_000;
const MEASURE_MS = 60;

export const nodes: Bench = {
  about: "Cost of each pure node type by itself, and of the engine around it.",
  run: async ({ n = EXECUTIONS, note }) => {
    note("node types");
    const own = nodeTypes.flatMap((module) => {
      const us = costOf(module);
      return us === undefined ? [] : [figureOf(NAME, module.type, us, "us")];
    });
    note("engine");
    return [...own, await engineShare(n)];
  },
};

const item: Item = {
  json: {
    text: "Order 42, 3 pieces",
    amount: 12.5,
    status: "open",
    email: "a@example.com",
    id: 42,
    lines: [1, 2],
  },
};

/** Undefined for what is no pure node, or has an example that needs data of its own. */
function costOf(module: NodeModule): number | undefined {
  const { evaluate, example = {} } = module;
  if (evaluate === undefined) return undefined;
  const config = filled(example) as JsonObject;
  const inputs = Object.fromEntries((module.inputs ?? [{ name: "main" }]).map(({ name }) => [name, [item]]));
  const call = { config, items: [item], inputs, index: 0, at: () => null, nowMs: 0, seed: "s", zone: "UTC" };
  try {
    evaluate(call);
  } catch {
    return undefined;
  }
  let count = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < MEASURE_MS)
    for (let at = 0; at < 50; at += 1, count += 1) evaluate(call);
  return ((performance.now() - startedAt) * 1_000) / count;
}

function filled(value: Json): Json {
  if (typeof value === "string") return value.includes("{{") ? "42" : value;
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one)]));
}

async function engineShare(n: number): Promise<Figure> {
  return withDatabase(async ({ url }) => {
    const definition = chain("nothing", STEPS, (id) => ({ id, type: "noop", config: {} }));
    const perSecond = await withEngine(url, [definition], async ({ run }) => {
      const batch = (total: number) => keepBusy(total, 500, (id) => run("nothing", { ...PAYLOAD, id }));
      await batch(Math.ceil(n / 2));
      return batch(n);
    });
    return figureOf(NAME, "engine_per_node", 1e6 / (perSecond * STEPS), "us");
  });
}
