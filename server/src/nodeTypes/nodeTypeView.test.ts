import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeTypePage } from "@auraos/contract";
import { nodeTypes } from "@auraos/nodes";
import { nodeTypeView } from "./routes.ts";

test("what the palette gets is what the contract says", () => {
  const page = { items: nodeTypes.map(nodeTypeView) };
  assert.deepEqual(nodeTypePage.parse(page), page);
});

test("ports that depend on the config travel as rules, so that the builder draws what the server runs", () => {
  for (const view of nodeTypes.map(nodeTypeView)) {
    if (view.ports === null) assert.ok(view.portRules, `${view.type} needs portsFrom(rules)`);
    else assert.equal(view.portRules, undefined);
  }
});

test("fields that are never templates are named", () => {
  assert.deepEqual(nodeTypes.map(nodeTypeView).find(({ type }) => type === "code")?.rawFields, ["code"]);
});
