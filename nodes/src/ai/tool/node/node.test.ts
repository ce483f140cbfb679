import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
// The library as a whole, so that an agent finds the node types.
import { findNodeType } from "../../../index.ts";
import { failureOf, firstOf, runNode } from "../../../testing.ts";
import { aiAgent } from "../../agent/node.ts";
import { calls, type Seen, says, startStandIn } from "../../testing/standIn.ts";
import { fillIn } from "../fields.ts";
import { aiToolNode } from "./node.ts";

const tool: JsonObject = {
  name: "find_customer",
  description: "Finds.",
  parameters: [{ name: "email", description: "Address." }],
  type: "table",
  config: { operation: "find", table: "Customers", where: [{ column: "email", value: "{email}" }] },
};
const messagesOf = (seen?: Seen) => (seen?.body.messages ?? []) as JsonObject[];
const attachedOf = (config: JsonObject) => ({ tool: [{ id: "t", name: "t", type: "ai.tool.node", config }] });

it("runs a node with the values of the model in the places that the workflow gave them", async (t) => {
  const server = await startStandIn();
  t.after(() => server.close());
  const asked: Json[] = [];
  const tables = {
    count: async () => 0,
    ensure: async () => {},
    write: async () => ({ inserted: 0, updated: 0, deleted: 0, rows: [] }),
    find: async (table: string, { where }: { where: readonly unknown[] }) => {
      asked.push([table, where as Json]);
      return [{ id: 1, name: "Ada" }];
    },
  };
  const config = { baseUrl: server.url, model: "small", prompt: "Who?" };
  const told = async (given: JsonObject, args: JsonObject) => {
    server.play(calls([String(given.name), args]), says("Ada."));
    firstOf(await runNode(aiAgent, { config }, { tables }, { attached: attachedOf(given) }));
    return messagesOf(server.seen.at(-1)).at(-1)?.content;
  };
  assert.equal(await told(tool, { email: "a@b" }), '[{"id":1,"name":"Ada"}]');
  assert.deepEqual(asked, [["Customers", [{ column: "email", operator: "equals", value: "a@b" }]]]);
  const sum = {
    name: "hash",
    description: "Sums.",
    parameters: [{ name: "text", description: "T." }],
    type: "set",
    config: { fields: { said: "<{text}>" } },
  };
  assert.equal(await told(sum, { text: "x" }), '[{"text":"x","said":"<x>"}]');
  for (const type of ["foreach", "ai.agent", "nothing"]) {
    const failure = await failureOf(() => told({ ...tool, type }, { email: "a" }));
    assert.equal(failure.field, "tool", type);
  }
});

it("keeps the kind of a value that stands alone, and knows what changes something", () => {
  assert.deepEqual(fillIn({ a: "{n}", b: ["x{n}y", "{other}"] }, { n: 7 }), { a: 7, b: ["x7y", "{other}"] });
  const effect = (config: JsonObject) =>
    aiAgent.effectOf?.({ attached: attachedOf({ ...tool, config }) } as JsonObject);
  assert.equal(effect({ operation: "find" }), "read");
  assert.equal(effect({ operation: "insert" }), "idempotent");
  assert.equal(findNodeType("ai.tool.node"), aiToolNode);
});
