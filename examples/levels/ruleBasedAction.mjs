// Level 1: a rule-based action. Rules look at an order and decide what happens with it.
import assert from "node:assert/strict";
import { api } from "./api.mjs";

const way = (id, text) => ({ id, type: "set", config: { fields: { action: text } } });
const workflow = await api("POST", "/api/v1/workflows", {
  name: `Orders ${Date.now()}`,
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "large", type: "if", config: { condition: "{{ $json.total >= 1000 }}" } },
    { id: "known", type: "if", config: { condition: "{{ $json.customer == 'known' }}" } },
    way("ask", "ask a person"),
    way("ship", "ship at once"),
    way("prepay", "ask for payment first"),
  ],
  connections: [
    { from: "start", to: "large" },
    { from: "large", port: "true", to: "ask" },
    { from: "large", port: "false", to: "known" },
    { from: "known", port: "true", to: "ship" },
    { from: "known", port: "false", to: "prepay" },
  ],
});
try {
  const actions = [];
  for (const order of [{ total: 5_000 }, { total: 20, customer: "known" }, { total: 20, customer: "new" }]) {
    const { output } = await api("POST", `/api/v1/workflows/${workflow.id}/execute?wait=20`, order);
    actions.push(/"action":"([^"]*)"/.exec(JSON.stringify(output))?.[1]);
  }
  assert.deepEqual(actions, ["ask a person", "ship at once", "ask for payment first"]);
  console.log(`rule-based action: ${actions.join("; ")}`);
} finally {
  await api("DELETE", `/api/v1/workflows/${workflow.id}?force=1`);
}
