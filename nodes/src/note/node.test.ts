import assert from "node:assert/strict";
import { it } from "node:test";
import { compile } from "@auraos/kernel";
import { findNodeType } from "../index.ts";
import { noteNode } from "./node.ts";

it("may lie in a workflow, and never runs", () => {
  const node = (id: string, type: string, config = {}) => ({ id, type, config });
  const definition = {
    name: "with a note",
    nodes: [node("start", "trigger.manual"), node("why", "note", { text: "because" }), node("done", "noop")],
    connections: [{ from: "start", to: "done" }],
  };
  const compiled = compile(definition, findNodeType, {} as never);
  assert.deepEqual(compiled.ok ? [] : compiled.problems, []);
  const wired = { ...definition, connections: [{ from: "start", to: "why" }] };
  assert.equal(compile(wired, findNodeType, {} as never).ok, false);
});

it("is text of bounded length", () => {
  assert.equal(noteNode.checkConfig?.({ text: "x".repeat(20_001) })[0]?.field, "text");
});
