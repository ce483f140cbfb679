import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowDefinition } from "@auraos/kernel";
import { partLeadingTo } from "./partOfDefinition.ts";

const node = (id: string, parent?: string) => ({
  id,
  type: "noop",
  config: {},
  ...(parent ? { parent } : {}),
});
const definition: WorkflowDefinition = {
  name: "w",
  nodes: ["start", "a", "b", "after", "other", "loop"]
    .map((id) => node(id))
    .concat([node("in", "loop"), node("model")]),
  connections: [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "model", to: "b", input: "model" },
    { from: "b", to: "loop" },
    { from: "loop", port: "done", to: "after" },
    { from: "start", to: "other" },
  ],
};
const idsTo = (target: string) => partLeadingTo(definition, target)?.part.nodes.map(({ id }) => id);

test("what leads to the node, attachments included, and nothing beside or after it", () => {
  assert.deepEqual(idsTo("b"), ["start", "a", "b", "model"]);
  assert.deepEqual(partLeadingTo(definition, "b")?.part.connections, definition.connections.slice(0, 3));
});

test("a node inside a block stands for the outermost block with everything in it", () => {
  assert.deepEqual(idsTo("in"), ["start", "a", "b", "loop", "in", "model"]);
  assert.equal(partLeadingTo(definition, "in")?.last, "loop");
});

test("an unknown node has no part, and parents in a circle do not hang", () => {
  assert.equal(partLeadingTo(definition, "nope"), undefined);
  const circle = { ...definition, nodes: [node("a", "b"), node("b", "a")], connections: [] };
  assert.ok(partLeadingTo(circle, "a"));
});
