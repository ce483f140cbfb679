// Level 1: a scheduled operation. The clock starts it, once for every due time.
import assert from "node:assert/strict";
import { api, until } from "./api.mjs";

const task = await api("POST", "/api/v1/tasks", {
  name: `Look every second ${Date.now()}`,
  run: { kind: "node", type: "set", config: { fields: { seenAt: "{{ $now.toISO() }}" } } },
  schedule: { interval: 1, overlap: "allow" },
});
try {
  const runs = await until(async () => {
    const { items } = await api("GET", `/api/v1/tasks/runs?task=${task.id}&status=succeeded`);
    return items.length >= 2 ? items.slice(0, 2) : undefined;
  });
  assert.equal(new Set(runs.map(({ due }) => due)).size, 2);
  console.log(`scheduled operation: ran for ${runs.map(({ due }) => due).join(" and ")}`);
} finally {
  await api("POST", `/api/v1/tasks/${task.id}/pause`);
  for (const run of (await api("GET", `/api/v1/tasks/runs?task=${task.id}&open=1`)).items)
    await api("POST", `/api/v1/tasks/runs/${run.id}/cancel`).catch(() => {});
  await until(async () => {
    const { items } = await api("GET", `/api/v1/tasks/runs?task=${task.id}&open=1`);
    return items.length === 0 ? true : undefined;
  });
  await api("DELETE", `/api/v1/tasks/${task.id}`);
}
