import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutGraph } from "./layoutGraph.ts";

const node = (id: string, more: object = {}) => ({ id, type: "set", config: {}, ...more });

test("without positions, nodes stand in columns from the beginning, and none over another", () => {
  const { boxes, lines, width } = layoutGraph({
    name: "w",
    nodes: [node("a"), node("b"), node("c"), node("d")],
    connections: [
      { from: "a", to: "b" },
      { from: "a", to: "c" },
      { from: "b", to: "d" },
      { from: "c", to: "d" },
    ],
  });
  const at = (id: string) => boxes.find((box) => box.id === id);
  assert.ok((at("a")?.x ?? 0) < (at("b")?.x ?? 0) && (at("b")?.x ?? 0) < (at("d")?.x ?? 0));
  assert.equal(at("b")?.x, at("c")?.x);
  assert.notEqual(at("b")?.y, at("c")?.y);
  assert.equal(lines.length, 4);
  assert.ok(width > (at("d")?.x ?? 0));
});

test("drawn positions are kept, and blocks lie around what is in them", () => {
  const at = (x: number, y: number) => ({ position: { x, y } });
  const { boxes } = layoutGraph({
    name: "w",
    nodes: [node("loop", at(0, 0)), node("in", { parent: "loop", ...at(300, 40) }), node("out", at(700, 0))],
    connections: [{ from: "loop", to: "out" }],
  });
  const [loop, inner] = [boxes.find(({ id }) => id === "loop"), boxes.find(({ id }) => id === "in")];
  assert.ok(loop && inner);
  assert.equal(boxes[0]?.id, "loop", "the block is drawn first");
  assert.ok(loop.isBlock && loop.x < inner.x && loop.x + loop.width > inner.x + inner.width);
});

test("a circle ends", () => {
  const { boxes } = layoutGraph({
    name: "w",
    nodes: [node("a"), node("b")],
    connections: [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
    ],
  });
  assert.equal(boxes.length, 2);
});
