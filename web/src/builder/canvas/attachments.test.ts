// Models, memories and tools hang below the node they configure.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../graph/graph.ts";
import { layOut } from "../layout/boxes.ts";
import { placeBelow } from "../layout/place.ts";
import {
  attachmentInputsOf,
  catalogueOf,
  fitsInto,
  inputsOf,
  type NodeTypeView,
} from "../types/nodeTypes.ts";
import { createFlow, type StepData } from "./flow.ts";

const view = (type: string, more: object) =>
  ({
    type,
    version: 1,
    name: type,
    description: "",
    category: "action",
    effect: "pure",
    per: "item",
    inputs: [{ name: "main" }],
    ports: ["main"],
    rawFields: [],
    schema: { type: "object", properties: {} },
    ...more,
  }) as unknown as NodeTypeView;

const agent = view("ai.agent", {
  inputs: [{ name: "main" }, { name: "model", attachment: true }, { name: "tool", attachment: true }],
});
const model = view("ai.model", { structure: "attachment", inputs: [], ports: [] });
const catalogue = catalogueOf([
  agent,
  model,
  view("ai.tool.http", { structure: "attachment", inputs: [], ports: [] }),
]);
const graph: Graph = {
  name: "w",
  nodes: [
    { id: "agent", type: "ai.agent", config: {}, position: { x: 100, y: 40 } },
    { id: "model", type: "ai.model", config: {}, position: { x: 100, y: 160 } },
  ],
  connections: [{ from: "model", to: "agent", input: "model" }],
};

test("data enters at the side, attachments below; each input takes what it is named after", () => {
  assert.deepEqual(inputsOf(agent), ["main"]);
  assert.deepEqual(attachmentInputsOf(agent), ["model", "tool"]);
  assert.deepEqual(
    [fitsInto(model, "model"), fitsInto(model, "tool"), fitsInto(agent, "model")],
    [true, false, false],
  );
});

test("the line leads up from the attachment; a model is one, tools are many", () => {
  const scene = {
    graph,
    catalogue,
    boxes: layOut(graph, catalogue, new Set()),
    selection: new Set<string>(),
    wires: new Set<string>(),
    collapsed: new Set<string>(),
    states: new Map(),
    problems: new Map(),
    dragged: new Map(),
  };
  const { nodes, edges } = createFlow()(scene);
  const handles = (id: string) =>
    nodes
      .find((node) => node.id === id)
      ?.handles?.map(({ type, id: name, position }) => [type, name, position]);
  assert.deepEqual(handles("agent"), [
    ["target", "main", "left"],
    ["source", "main", "right"],
    ["target", "model", "bottom"],
    ["target", "tool", "bottom"],
  ]);
  assert.deepEqual(handles("model"), [["source", "main", "top"]]);
  const data = nodes.find((node) => node.id === "agent")?.data as StepData;
  assert.deepEqual(
    data.hooks.map(({ name, isFree }) => [name, isFree]),
    [
      ["model", false],
      ["tool", true],
    ],
  );
  assert.equal(edges[0]?.data?.isAttachment, true);
});

test("a new one stands below its socket, beside those that hang there already", () => {
  const boxes = layOut(graph, catalogue, new Set());
  const at = (input: string) => placeBelow(graph, boxes, attachmentInputsOf(agent), { node: "agent", input });
  const box = boxes.get("agent");
  assert.ok(box);
  assert.ok(at("tool").y >= 40 + box.height, "below");
  assert.ok(Math.abs(at("model").x - 100) >= 152, "not over the one that is there");
});
