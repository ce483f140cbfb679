// A step that wants more memory than it may have ends with a clear error, and nobody else notices.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after }, { AURAOS_ACTIVITY_MB: "64" });
const { call } = server;

async function workflowOf(name: string, rows: number): Promise<string> {
  const { json } = await call("POST", "/api/v1/workflows", {
    name,
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "rows",
        type: "split",
        config: { field: "rows" },
      },
      { id: "sheet", type: "xlsx.write", config: {} },
    ],
    connections: [
      { from: "start", to: "rows" },
      { from: "rows", to: "sheet" },
    ],
  });
  const reply = await call("POST", `/api/v1/workflows/${json.id}/execute`, {
    rows: Array.from({ length: rows }, (_, row) => ({ row, text: `text ${row} `.repeat(8) })),
  });
  return reply.json.id as string;
}

const ended = (id: string) =>
  until(async () => {
    const { json } = await call("GET", `/api/v1/executions/${id}`);
    return ["succeeded", "failed"].includes(json.status) && json;
  }, 60_000);

test("a greedy step fails with MEMORY_LIMIT; the steps beside it and after it succeed", async () => {
  const [greedy, modest] = await Promise.all([workflowOf("greedy", 150_000), workflowOf("modest", 100)]);
  const failed = await ended(greedy);
  assert.equal(failed.failure?.code, "MEMORY_LIMIT", JSON.stringify(failed.failure));
  assert.match(failed.failure.remedy, /AURAOS_ACTIVITY_MB/);
  for (const id of [modest, await workflowOf("after", 100)]) {
    const { status, failure } = await ended(id);
    assert.equal(status, "succeeded", JSON.stringify(failure));
  }
});
