// Level 1: a linear workflow. Three steps in a row; each gives its output to the next, durable in between.
import assert from "node:assert/strict";
import { api } from "./api.mjs";

const workflow = await api("POST", "/api/v1/workflows", {
  name: `Invoice ${Date.now()}`,
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "net", type: "set", config: { fields: { net: "{{ $json.price * $json.quantity }}" } } },
    { id: "tax", type: "set", config: { fields: { tax: "{{ $json.net * 0.2 }}" } } },
    { id: "gross", type: "set", config: { fields: { gross: "{{ $json.net + $json.tax }}" } } },
  ],
  connections: [
    { from: "start", to: "net" },
    { from: "net", to: "tax" },
    { from: "tax", to: "gross" },
  ],
});
try {
  const input = { price: 25, quantity: 4 };
  const { status, output } = await api("POST", `/api/v1/workflows/${workflow.id}/execute?wait=20`, input);
  assert.deepEqual([status, JSON.stringify(output).includes('"gross":120')], ["succeeded", true]);
  console.log("linear workflow: 4 x 25 and a fifth of tax are 120");
} finally {
  await api("DELETE", `/api/v1/workflows/${workflow.id}?force=1`);
}
