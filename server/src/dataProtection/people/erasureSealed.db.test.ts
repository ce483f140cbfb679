// Where payloads are sealed, a person is found, exported and erased through the seals, and what is written back is sealed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { runningServer, until } from "../../testing/runningServer.ts";

after(() => admin.end());
const server = await runningServer({ after });
const { call } = server;
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();
const identifiers = [{ kind: "email", value: "canary.ann@example.com" }];
const person = { email: "canary.ann@example.com", street: "Canary Street 9" };

test("a sealed execution, small and large, and its files", async () => {
  const { json: workflow } = await call("POST", "/api/v1/workflows", {
    name: "Letters",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "write", type: "set", config: { fields: { letter: "To {{ $json.street }}" } } },
    ],
    connections: [{ from: "start", to: "write" }],
  });
  const run = async (input: unknown) => {
    const { json } = await call("POST", `/api/v1/workflows/${workflow.id}/execute?draft=1`, input);
    await until(async () => (await call("GET", `/api/v1/executions/${json.id}`)).json.status === "succeeded");
    return json.id as string;
  };
  const small = await run(person);
  const other = { email: "bob@example.com", street: "Other Street 1", filler: "x".repeat(100) };
  const large = await run(Array.from({ length: 3_000 }, (_, n) => (n === 7 ? person : other)));
  const { rows: before } = await admin.query("SELECT codec, body FROM turns");
  assert.ok(before.length >= 2 && before.every(({ codec, body }) => codec === 1 && !body.includes("canary")));

  const { json: found } = await call("POST", "/api/v1/data-protection/people/search", { identifiers });
  assert.deepEqual(
    found.places.map(({ table }: { table: string }) => table),
    ["workflow_executions", "files"],
  );
  const { json: erasure } = await call("POST", "/api/v1/data-protection/erasures", { identifiers });
  const done = await until(async () => {
    const { json } = await call("GET", `/api/v1/data-protection/erasures/${erasure.id}`);
    return json.state === "done" ? json : undefined;
  }, 30_000);
  assert.deepEqual(done.report.kept, []);

  const shown = await call("GET", `/api/v1/executions/${small}/runs/write/data`);
  assert.deepEqual(shown.json.items[0].json, {
    email: "[erased]",
    street: "[erased]",
    letter: "[erased]",
  });
  const page = await call("GET", `/api/v1/executions/${large}/runs/write/data?limit=2&after=6`);
  assert.deepEqual(
    page.json.items.map(({ json }: { json: { letter: string } }) => json.letter),
    ["To Other Street 1", "[erased]"],
  );
  const { rows: after } = await admin.query("SELECT codec FROM turns");
  assert.ok(after.every(({ codec }) => codec === 1));
  const again = await call("POST", "/api/v1/data-protection/people/search", { identifiers });
  assert.equal(again.json.found, 0);
});

test("when the keys of an organization are gone, there is nothing left to find, and nothing fails", async () => {
  await admin.query("DELETE FROM payload_keys");
  await server.restart();
  const { status, json } = await call("POST", "/api/v1/data-protection/people/search", {
    identifiers: [{ kind: "text", value: "Other Street 1" }],
  });
  assert.deepEqual([status, json.found], [200, 0]);
});

test("a database that knows less than the ledger (an older backup) is erased again by the next start", async () => {
  const list = async () => (await call("GET", "/api/v1/data-protection/erasures")).json.items;
  const [known] = await list();
  await admin.query("DELETE FROM erasures");
  assert.deepEqual(await list(), []);
  await server.restart();
  const [again] = await until(async () => {
    const items = await list();
    return items[0]?.state === "done" ? items : undefined;
  }, 30_000);
  assert.deepEqual([again.id, again.requestedAt, again.attempts], [known.id, known.requestedAt, 1]);
});
