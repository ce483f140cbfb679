// Level 1: a simple task. One piece of work, run now, durable, with its result.
import assert from "node:assert/strict";
import { api, until } from "./api.mjs";

const task = await api("POST", "/api/v1/tasks", {
  name: `Add up ${Date.now()}`,
  run: {
    kind: "script",
    code: "return { total: $items[0].json.amounts.reduce((sum, amount) => sum + amount, 0) };",
    input: { amounts: [19, 4, 19] },
  },
});
try {
  const { runId } = await api("POST", `/api/v1/tasks/${task.id}/execute`, {});
  const run = await until(async () => {
    const now = await api("GET", `/api/v1/tasks/runs/${runId}`);
    return ["succeeded", "failed"].includes(now.status) ? now : undefined;
  });
  assert.deepEqual(
    [run.status, run.percent, JSON.stringify(run.result).includes('"total":42')],
    ["succeeded", 100, true],
  );
  console.log("simple task: 19 + 4 + 19 = 42");
} finally {
  await api("DELETE", `/api/v1/tasks/${task.id}`);
}
