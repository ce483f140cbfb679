import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../graph/graph.ts";
import type { Execution } from "../run/nodeStates.ts";
import { catalogueOf, type NodeTypeView } from "../types/nodeTypes.ts";
import { tourStep } from "./tourSteps.ts";

const view = (type: string, structure?: string) =>
  ({ type, structure, inputs: [], ports: ["main"], schema: {} }) as unknown as NodeTypeView;
const catalogue = catalogueOf([view("trigger.manual", "trigger"), view("set")]);
const start = { id: "start", type: "trigger.manual", config: {} };
const set = (config: object) => ({ id: "set", type: "set", config: config as Graph["nodes"][0]["config"] });
const wire = { from: "start", to: "set" };
const at = (
  nodes: Graph["nodes"],
  connections: Graph["connections"] = [],
  status?: string,
  isPublished = false,
) =>
  tourStep({
    graph: { name: "w", nodes, connections },
    catalogue,
    execution: status === undefined ? undefined : ({ status } as Execution),
    isPublished,
  });

test("each step is over when what it asks for is there, and comes back when it is taken away", () => {
  assert.equal(at([]), "trigger");
  assert.equal(at([start, set({})]), "next", "a step that nothing leads to does not count");
  assert.equal(at([start, set({})], [wire]), "field");
  const done = set({ fields: { greeting: "Hello {{ 1 }}" } });
  assert.equal(at([start, done], [wire]), "run");
  assert.equal(at([start, done], [wire], "failed"), "run");
  assert.equal(at([start, done], [wire], "succeeded"), "publish");
  assert.equal(at([start, done], [wire], "succeeded", true), undefined);
  assert.equal(at([start], [], "succeeded"), "next");
});
