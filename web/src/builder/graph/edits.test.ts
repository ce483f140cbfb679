import assert from "node:assert/strict";
import { test } from "node:test";
import { copyNodes, duplicateNodes, pasteNodes } from "./clipboard.ts";
import { connectNodes, disconnect, whyNotConnect } from "./connections.ts";
import { createNode, type Graph } from "./graph.ts";
import { groupIntoBlock } from "./groupIntoBlock.ts";
import { renameNode } from "./names.ts";
import { moveToFrame, removeNodes, setNode } from "./nodes.ts";

const node = (id: string, more: object = {}) => ({
  id,
  type: "noop",
  config: {},
  position: { x: 0, y: 0 },
  ...more,
});
const chain: Graph = {
  name: "chain",
  nodes: [
    node("a", { name: "A" }),
    node("b", { name: "B" }),
    node("c", { config: { x: "{{ $('A').item.json.n }} $('A')" } }),
  ],
  connections: [
    { from: "a", to: "b" },
    { from: "b", to: "c" },
  ],
};

test("a new node gets an id and a name of its own", () => {
  const twice = createNode(createNode(chain, { type: "trigger.manual", name: "Start" }), {
    type: "trigger.manual",
    name: "Start",
  });
  assert.deepEqual(
    twice.nodes.slice(3).map(({ id, name }) => [id, name]),
    [
      ["manual", "Start"],
      ["manual-2", "Start 2"],
    ],
  );
});

test("wires that cannot be are not drawn, and the reason is known", () => {
  assert.equal(whyNotConnect(chain, { from: "a", to: "a" }), "self");
  assert.equal(whyNotConnect(chain, { from: "a", to: "b" }), "known");
  assert.equal(whyNotConnect(chain, { from: "c", to: "a" }), "cycle");
  assert.equal(whyNotConnect(chain, { from: "a", to: "zzz" }), "missing");
  const inside = moveToFrame(chain, new Map([["c", { x: 1, y: 1 }]]), { parent: "b", section: "body" });
  assert.equal(whyNotConnect(inside, { from: "a", to: "c" }), "border");
  assert.equal(connectNodes(chain, { from: "c", to: "a" }), chain);
});

test("renaming follows expressions, and leaves plain text alone", () => {
  const renamed = renameNode(chain, "a", "It's \\ new");
  assert.equal(renamed.nodes[0]?.name, "It's \\ new");
  assert.equal(renamed.nodes[2]?.config.x, "{{ $('It\\'s \\\\ new').item.json.n }} $('A')");
  assert.deepEqual(renameNode(renamed, "a", "A"), chain);
});

test("removing a node between two leaves them connected", () => {
  assert.deepEqual(removeNodes(chain, ["b"]).connections, [{ from: "a", to: "c" }]);
  assert.deepEqual(removeNodes(chain, ["a", "b"]).connections, []);
});

test("removing a block removes what is inside, and forgets who it undid", () => {
  const graph: Graph = {
    ...chain,
    nodes: [
      ...chain.nodes,
      node("saga"),
      node("undo", { parent: "saga", section: "compensation" }),
      node("do", { compensate: "undo" }),
    ],
  };
  const left = removeNodes(graph, ["saga"]);
  assert.deepEqual(
    left.nodes.map(({ id }) => id),
    ["a", "b", "c", "do"],
  );
  assert.equal(left.nodes.at(-1)?.compensate, undefined);
});

test("moving into a block cuts wires across its border; a block never moves into itself", () => {
  const inside = moveToFrame(chain, new Map([["c", { x: 5, y: 5 }]]), { parent: "b", section: "catch" });
  assert.deepEqual(inside.connections, [{ from: "a", to: "b" }]);
  assert.equal(inside.nodes[2]?.section, "catch");
  assert.equal(
    moveToFrame(inside, new Map([["b", { x: 0, y: 0 }]]), { parent: "b", section: "body" }),
    inside,
  );
});

test("copies are independent: own ids, own names, wires and expressions among themselves", () => {
  const { graph, ids } = duplicateNodes(chain, ["a", "c"]);
  assert.deepEqual(ids, ["a-2", "c-2"]);
  assert.equal(graph.nodes.at(-1)?.config.x, "{{ $('A 2').item.json.n }} $('A')");
  const pasted = pasteNodes(chain, copyNodes(chain, ["a", "b"]), { x: 100, y: 100 });
  assert.deepEqual(pasted?.graph.connections.at(-1), { from: "a-2", to: "b-2" });
  assert.equal(pasteNodes(chain, "hello", { x: 0, y: 0 }), undefined);
  assert.equal(
    pasteNodes(chain, '{"nodes":[{"id":"x","type":"y","config":{"__proto__":1}}]}', { x: 0, y: 0 }),
    undefined,
  );
});

test("grouping puts a block around nodes and leads wires through it", () => {
  const grouped = groupIntoBlock(chain, new Set(["b"]), { type: "foreach", name: "Each", port: "done" });
  assert.deepEqual(grouped?.graph.connections, [
    { from: "a", to: "foreach" },
    { from: "foreach", port: "done", to: "c" },
  ]);
  assert.equal(grouped?.graph.nodes.find(({ id }) => id === "b")?.parent, "foreach");
});

test("fields set to undefined leave the file; untouched nodes keep their identity", () => {
  const noted = setNode(chain, "a", { notes: "hi", disabled: true });
  assert.equal(noted.nodes[1], chain.nodes[1]);
  assert.deepEqual(setNode(noted, "a", { notes: undefined, disabled: undefined }), chain);
  assert.deepEqual(disconnect(chain, [{ from: "a", port: "main", to: "b" }]).connections, [
    { from: "b", to: "c" },
  ]);
});
