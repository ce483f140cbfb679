// Lists that no index leads to are looked through part by part, and nothing is lost between the parts; a parked step
// makes its execution one that needs a decision.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { runningServer } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";

const server = await runningServer({ after });
const { call } = server;

test("a search beyond the newest ten thousand goes on from page to page, and finds what is there", async () => {
  const { id: workflow } = (await call("POST", "/api/v1/workflows", hello)).json;
  const needle = (await call("POST", `/api/v1/workflows/${workflow}/execute?wait=10`, { name: "needle-7" }))
    .json.id;
  const admin = new pg.Client({ connectionString: server.database.url });
  await admin.connect();
  // Copies of that row, each newer than the one before: only ids and data differ.
  await admin.query(
    `INSERT INTO workflow_executions (id, workflow_id, status, input_data, org_id, env_id, version_id, started_at)
     SELECT (lpad(to_hex(('x' || left(replace(e.id::text, '-', ''), 12))::bit(48)::bigint + i), 12, '0')
         || '7000' || '8000' || lpad(to_hex(i), 12, '0'))::uuid,
       e.workflow_id, 'succeeded', '{"name":"hay"}', e.org_id, e.env_id, e.version_id, e.started_at
     FROM workflow_executions e, generate_series(1, 10050) i WHERE e.id = $1`,
    [needle],
  );
  await admin.end();
  const first = (await call("GET", "/api/v1/executions?search=needle-7&limit=5")).json;
  assert.deepEqual(first.items, []);
  assert.ok(Date.parse(first.searchedTo) > 0, "says how far back it looked");
  const second = (await call("GET", `/api/v1/executions?search=needle-7&limit=5&after=${first.next}`)).json;
  assert.deepEqual([second.items[0].id, second.searchedTo, second.next], [needle, undefined, undefined]);
  const exact = (await call("GET", `/api/v1/executions?search=${needle}`)).json;
  assert.deepEqual([exact.items.length, exact.items[0].id], [1, needle], "a whole id is found at once");
  const none = (await call("GET", "/api/v1/executions?workflow=no-such-name")).json;
  assert.deepEqual(none, { items: [] });
  const failed = (await call("GET", "/api/v1/executions?status=failed")).json;
  assert.deepEqual(failed, { items: [] });
});

test("parked is a status of its own, in the list and as a filter", async () => {
  const { id: workflow } = (
    await call("POST", "/api/v1/workflows", {
      name: "parks",
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        {
          id: "call",
          type: "http",
          config: { url: "http://127.0.0.1:1/" },
          errorHandling: { onError: "park" },
        },
      ],
      connections: [{ from: "start", to: "call" }],
    })
  ).json;
  const { id } = (await call("POST", `/api/v1/workflows/${workflow}/execute?wait=2`, {})).json;
  const parked = (await call("GET", "/api/v1/executions?status=parked")).json;
  assert.deepEqual(
    parked.items.map((row: { id: string; status: string }) => [row.id, row.status]),
    [[id, "parked"]],
  );
  assert.deepEqual((await call("GET", "/api/v1/executions?status=waiting")).json.items, []);
  assert.equal((await call("GET", `/api/v1/executions/${id}`)).json.status, "parked");
});
