// What an execution carries, seen from outside: whoever may read it sees everything, the database and the disk show nothing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { runningServer } from "../testing/runningServer.ts";
import { hello, waitsForSignal } from "../testing/workflows.ts";

const server = await runningServer({ after });
const { call } = server;
const CANARY = "canary-91b2e7";

async function started(definition: object, input: unknown): Promise<string> {
  const made = await call("POST", "/api/v1/workflows", definition);
  assert.equal(made.status, 201, made.text);
  const run = await call("POST", `/api/v1/workflows/${made.json.id}/execute`, input);
  assert.ok(run.status < 300, run.text);
  return run.json.id;
}
const at = (id: string, more = "") => call("GET", `/api/v1/executions/${id}${more}`);

test("history, data, search and a restart show what was carried; database and disk do not", async () => {
  const id = await started(hello, { name: CANARY });
  const ended = await at(id, "?wait=10");
  assert.deepEqual(ended.json.output, { name: CANARY, greeting: `Hello ${CANARY}` });
  const big = await started(hello, { name: CANARY.repeat(40_000) });
  assert.equal((await at(big, "?wait=20")).json.status, "succeeded");
  const waiting = await started(waitsForSignal, { name: CANARY });

  assert.ok((await at(id, "/turns")).text.includes(CANARY));
  const found = await call("GET", `/api/v1/executions?search=${CANARY.toUpperCase()}`);
  assert.deepEqual(found.json.items.map((one: { id: string }) => one.id).sort(), [id, waiting].sort());
  assert.deepEqual((await call("GET", "/api/v1/executions?search=canary-nobody")).json.items, []);
  const first = await call("GET", `/api/v1/executions?search=${CANARY}&limit=1`);
  assert.deepEqual(
    first.json.items.map((one: { id: string }) => one.id),
    [waiting],
  );
  const second = await call("GET", `/api/v1/executions?search=${CANARY}&limit=1&after=${first.json.next}`);
  assert.deepEqual(
    second.json.items.map((one: { id: string }) => one.id),
    [id],
  );

  assert.deepEqual(await tablesWith(CANARY), []);
  assert.deepEqual(filesWith(join(server.settings.dataDir, "blobs"), CANARY), []);

  await server.restart();
  assert.equal((await call("POST", `/api/v1/executions/${waiting}/signal`, { name: "paid" })).status, 200);
  assert.equal((await at(waiting, "?wait=10")).json.status, "succeeded");
  assert.deepEqual((await at(id)).json.output, { name: CANARY, greeting: `Hello ${CANARY}` });
});

test("a field that its workflow calls sensitive is a reference in the history, and itself for whoever looks at the data", async () => {
  const email = "ann@canary-5c.example";
  const id = await started({ ...hello, settings: { sensitive: ["name"] } }, { name: email });
  assert.deepEqual((await at(id, "?wait=10")).json.output, { name: email, greeting: `Hello ${email}` });
  const turns = (await at(id, "/turns")).text;
  assert.ok(turns.includes("$sealed") && !turns.includes(email), turns);
  assert.deepEqual((await call("GET", `/api/v1/executions?search=${email}`)).json.items, []);
  const wrong = { ...hello, name: "wrong", settings: { sensitive: ["a..b"] } };
  const made = await call("POST", "/api/v1/workflows", wrong);
  assert.ok(made.text.includes("/settings/sensitive"), made.text);
});

test("a history whose keys were deleted says so, in the list and alone", async () => {
  const id = await started(hello, { name: CANARY });
  assert.equal((await at(id, "?wait=10")).json.status, "succeeded");
  await query("DELETE FROM payload_keys");
  await server.restart();
  const gone = await at(id, "/turns");
  assert.deepEqual([gone.status, gone.json.code], [410, "DATA_ERASED"], gone.text);
  assert.ok((await call("GET", "/api/v1/executions")).text.includes(id));
  assert.deepEqual((await call("GET", `/api/v1/executions?search=${CANARY}`)).json.items, []);
});

async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function tablesWith(needle: string): Promise<string[]> {
  const found = [];
  const tables = await query<{ name: string }>(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  const patterns = [`%${needle}%`, `%${Buffer.from(needle).toString("hex")}%`];
  for (const { name } of tables) {
    const hit = await query(
      `SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`,
      patterns,
    );
    if (hit.length > 0) found.push(name);
  }
  return found;
}

function filesWith(folder: string, needle: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  assert.ok(files.length > 0, "the big one went to the blob store");
  return files
    .map((one) => join(one.parentPath, one.name))
    .filter((path) => readFileSync(path).includes(needle));
}
