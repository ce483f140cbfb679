// What was accepted and waits for its place is there for whoever was told its id.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const { call } = await runningServer({ after });

test("an execution that waits for its place is shown, can be waited for, cancelled, and begins in the end", async () => {
  const definition = {
    name: "one at a time",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "hold", type: "wait", config: { for: "signal", signal: "go" } },
    ],
    connections: [{ from: "start", to: "hold" }],
    settings: { concurrency: { limit: 1, overlap: "queue" } },
  };
  const made = await call("POST", "/api/v1/workflows", definition);
  assert.equal(made.status, 201, made.text);
  const start = async (n: number): Promise<string> =>
    (await call("POST", `/api/v1/workflows/${made.json.id}/execute`, { n })).json.id;
  const at = (id: string, more = "") => call("GET", `/api/v1/executions/${id}${more}`);
  const [first, second, third] = [await start(1), await start(2), await start(3)];

  const waiting = await at(second);
  assert.equal(waiting.status, 200, waiting.text);
  assert.deepEqual([waiting.json.status, waiting.json.seq, waiting.json.input], ["waiting", 0, { n: 2 }]);

  assert.equal((await call("POST", `/api/v1/executions/${second}/cancel`, {})).status, 200);
  assert.equal((await at(second, "?wait=10")).json.status, "cancelled");
  assert.equal((await call("POST", `/api/v1/executions/${second}/cancel`, {})).status, 410);

  const ended = at(third, "?wait=20");
  for (const id of [first, third])
    assert.equal((await call("POST", `/api/v1/executions/${id}/signal`, { name: "go" })).status, 200);
  assert.equal((await ended).json.status, "succeeded");
  assert.equal((await at("01890000-0000-7000-8000-000000000000")).status, 404);
});
