import assert from "node:assert/strict";
import { test } from "node:test";
import { walk } from "../canvas/walk.ts";
import type { Graph } from "../graph/graph.ts";
import { catalogueOf, type NodeTypeView } from "../types/nodeTypes.ts";
import { absoluteOf, layOut, NODE_HEIGHT, NODE_WIDTH } from "./boxes.ts";
import { freePlace } from "./place.ts";

const view = (type: string, more: Partial<NodeTypeView> = {}): NodeTypeView => ({
  type,
  name: type,
  category: "transform",
  description: "",
  effect: "pure",
  per: "item",
  version: 1,
  icon: "x",
  inputs: [{ name: "main", required: true, attachment: false }],
  ports: ["main"],
  rawFields: [],
  schema: {},
  errors: [],
  ...more,
});
const catalogue = catalogueOf([
  view("noop"),
  view("try", { structure: "try", ports: ["done"] }),
  view("switch", { ports: null, portRules: [{ from: "cases.*.port" }] }),
]);
const graph: Graph = {
  name: "x",
  nodes: [
    { id: "a", type: "noop", config: {}, position: { x: 0, y: 0 } },
    { id: "t", type: "try", config: {}, position: { x: 300, y: 0 } },
    { id: "b1", type: "noop", config: {}, parent: "t", position: { x: 0, y: 0 } },
    { id: "b2", type: "noop", config: {}, parent: "t", position: { x: 300, y: 200 } },
    { id: "c1", type: "noop", config: {}, parent: "t", section: "catch", position: { x: 0, y: 0 } },
    {
      id: "z",
      type: "switch",
      config: { cases: [{ port: "p" }, { port: "q" }, { port: "r" }] },
      position: { x: 1_000, y: 0 },
    },
  ],
  connections: [
    { from: "a", to: "t" },
    { from: "b1", to: "b2" },
    { from: "t", port: "done", to: "z" },
  ],
};
const boxes = layOut(graph, catalogue, new Set());

test("a block is as large as its sections need, one below the other", () => {
  const block = boxes.get("t");
  assert.deepEqual(
    block?.lanes?.map(({ section }) => section),
    ["body", "catch", "finally"],
  );
  assert.ok((block?.width ?? 0) >= 300 + NODE_WIDTH);
  const [body, rescue] = block?.lanes ?? [];
  const inner = boxes.get("b2");
  assert.ok((inner?.y ?? 0) + NODE_HEIGHT <= (body?.y ?? 0) + (body?.height ?? 0));
  assert.ok((boxes.get("c1")?.y ?? 0) > (rescue?.y ?? 0));
});

test("a collapsed block looks like a node and hides what is inside", () => {
  const folded = layOut(graph, catalogue, new Set(["t"]));
  assert.equal(folded.get("t")?.width, NODE_WIDTH);
  assert.equal(folded.get("b1")?.isHidden, true);
});

test("a node grows with its ports, which follow the config", () => {
  assert.ok((boxes.get("z")?.height ?? 0) > NODE_HEIGHT);
});

test("arrows walk along wires, into blocks and out of them", () => {
  assert.equal(walk(graph, boxes, undefined, "ArrowRight"), "a");
  assert.equal(walk(graph, boxes, "a", "ArrowRight"), "t");
  assert.equal(walk(graph, boxes, "t", "ArrowRight"), "z");
  assert.equal(walk(graph, boxes, "b1", "ArrowRight"), "b2");
  assert.equal(walk(graph, boxes, "b1", "ArrowLeft"), "t");
  assert.equal(walk(graph, boxes, "b1", "ArrowDown"), "c1");
});

test("a new node finds a free place", () => {
  const place = freePlace(graph, boxes, null, { x: 10, y: 10 });
  assert.ok(place.y >= NODE_HEIGHT);
  assert.deepEqual(absoluteOf(boxes, graph, "t"), { x: 300, y: 0 });
});
