// Variables over HTTP and in executions, on a real database: bounded, walled, recorded with the start, never read again.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import pg from "pg";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const { call } = server;
const path = "/api/v1/variables";

const put = async (name: string, value: unknown, more: object = {}) => {
  const reply = await call("PUT", `${path}/${name}`, { value, ...more });
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const sql = async (text: string, values: unknown[] = []) => {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
};

let serial = 0;
async function workflow(nodes: object[], more: object = {}) {
  serial += 1;
  const ids = ["start", ...nodes.map((_, index) => `n${index}`)];
  const reply = await call("POST", "/api/v1/workflows", {
    name: `Reads ${serial}`,
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      ...nodes.map((node, index) => ({ id: `n${index}`, name: `N${index}`, ...node })),
    ],
    connections: ids.slice(1).map((to, index) => ({ from: ids[index], to })),
    ...more,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.json as { id: string; name: string };
}
const showing = (expression: string) => ({ type: "set", config: { fields: { got: `{{ ${expression} }}` } } });
async function run(id: string) {
  const reply = await call("POST", `/api/v1/workflows/${id}/execute?wait=20`, {});
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}
const startOf = async (executionId: string) => {
  const reply = await call("GET", `/api/v1/executions/${executionId}/turns`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};

describe("a variable", () => {
  test("is made, replaced, listed by name and deleted", async () => {
    const made = await put("region", "eu", { description: "Where we sell" });
    assert.equal(made.value, "eu");
    assert.equal(made.description, "Where we sell");
    await put("limits", { daily: 5 });
    const replaced = await put("region", ["eu", "us"]);
    assert.equal(replaced.createdAt, made.createdAt);
    assert.equal(replaced.description, null);
    const { items, bytes } = (await call("GET", path)).json;
    assert.deepEqual(
      items.map((one: { name: string; value: unknown }) => [one.name, one.value]),
      [
        ["limits", { daily: 5 }],
        ["region", ["eu", "us"]],
      ],
    );
    assert.equal(bytes, '{"daily":5}'.length + '["eu","us"]'.length);
    assert.equal((await put("nothing", null)).value, null);
    for (const name of ["limits", "region", "nothing"])
      assert.equal((await call("DELETE", `${path}/${name}`)).status, 204);
    assert.equal((await call("DELETE", `${path}/region`)).status, 404);
    assert.deepEqual((await call("GET", path)).json.items, []);
  });

  test("has a name that an expression can say, a value, and an end", async () => {
    for (const name of ["1st", "a-b", "a.b", "%C3%A9", "x".repeat(101)])
      assert.equal((await call("PUT", `${path}/${name}`, { value: 1 })).json.code, "NAME_INVALID", name);
    assert.equal((await call("PUT", `${path}/a`, {})).json.code, "BODY_INVALID");
    assert.equal((await call("PUT", `${path}/a`, { value: 1, secret: true })).status, 400);
    const large = await call("PUT", `${path}/a`, { value: "x".repeat(64 * 1024) });
    assert.equal(large.status, 422);
    assert.equal(large.json.code, "VALUE_TOO_LARGE");
    assert.deepEqual((await call("GET", path)).json.items, []);
  });

  test("and the others are bounded together, however many write at once", async () => {
    const value = "x".repeat(60_000);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => call("PUT", `${path}/big${index}`, { value })),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 200, 200, 200, 409, 409, 409, 409]);
    assert.equal(replies.find(({ status }) => status === 409)?.json.code, "VARIABLES_TOO_LARGE");
    for (const { name } of (await call("GET", path)).json.items) await call("DELETE", `${path}/${name}`);
  });
});

describe("all variables", () => {
  test("are 500 at most; one of them can still be changed", async () => {
    const { orgId, envId } = server.running;
    await sql(
      `INSERT INTO variables (org_id, env_id, name, value, bytes)
        SELECT $1, $2, 'many' || n, '1', 1 FROM generate_series(1, 500) n`,
      [orgId, envId],
    );
    const one = await call("PUT", `${path}/one_more`, { value: 1 });
    assert.equal(one.status, 409);
    assert.equal(one.json.code, "TOO_MANY_VARIABLES");
    assert.equal((await put("many1", 2)).value, 2);
    await sql("DELETE FROM variables WHERE org_id = $1", [orgId]);
  });

  test("are for builders to change, and the log says who did", async () => {
    const key = await call("POST", "/api/v1/api-keys", { name: "looks only", role: "viewer" });
    const viewer = { authorization: `Bearer ${key.json.key}` };
    assert.equal((await call("GET", path, undefined, viewer)).status, 200);
    assert.equal((await call("PUT", `${path}/a`, { value: 1 }, viewer)).status, 403);
    await put("logged", "shown-in-the-log");
    // Named like a secret, which does not belong here: that it changed is kept, not what it is.
    await put("api_token", "canary-of-the-log");
    await call("DELETE", `${path}/logged`);
    const { text, json } = await call("GET", "/api/v1/audit");
    const told = json.items.filter((entry: { name: string | null }) => entry.name === "logged");
    assert.deepEqual(
      told.map((entry: { what: string }) => entry.what),
      ["DELETE /api/v1/variables/:name", "PUT /api/v1/variables/:name"],
    );
    assert.ok(JSON.stringify(told).includes("shown-in-the-log"));
    assert.ok(!text.includes("canary-of-the-log"));
  });
});

describe("an execution", () => {
  test("reads the value of its beginning; the next one reads the new value", async () => {
    const { id } = await workflow([showing("$vars.rate * 2"), showing("$json.got + $vars.rate")]);
    await put("rate", 10);
    const first = await run(id);
    assert.equal(first.output.got, 30);
    await put("rate", 100);
    const second = await run(id);
    assert.equal(second.output.got, 300);
    await call("DELETE", `${path}/rate`);
    const again = await call("POST", `/api/v1/executions/${first.id}/rerun`, {});
    assert.equal(again.status, 202, again.text);
    const ended = await until(async () => {
      const { json } = await call("GET", `/api/v1/executions/${again.json.id}`);
      return json.status === "succeeded" ? json : undefined;
    });
    assert.equal(ended.output.got, 30);
  });

  test("records the variables that its definition reads, and no others", async () => {
    await put("used", "yes");
    await put("unused", "canary-of-a-variable");
    const one = await workflow([showing("$vars.used")]);
    const all = await workflow([showing("Object.keys($vars).join()")]);
    const none = await workflow([showing("1 + 1")]);
    const recorded = async (id: string) => JSON.stringify(await startOf((await run(id)).id));
    const text = await recorded(one.id);
    assert.ok(text.includes('"used":"yes"') && !text.includes("canary-of-a-variable"), text);
    assert.ok((await recorded(all.id)).includes("canary-of-a-variable"));
    assert.ok(!(await recorded(none.id)).includes('"vars"'));
    await call("DELETE", `${path}/unused`);
  });

  test("hands what it began with to its sub-workflow, which may read more", async () => {
    await put("used", "parent");
    await put("more", "child");
    const child = await workflow([showing("$vars.used + ' ' + $vars.more")]);
    const parent = await workflow([
      showing("$vars.used"),
      { type: "subworkflow", config: { workflow: child.name } },
    ]);
    assert.equal((await run(parent.id)).output.got, "parent child");
  });

  test("that is run again on another version reads what that one needs besides", async () => {
    await put("used", "first");
    await put("more", "also");
    const { id, name } = await workflow([showing("$vars.used")]);
    await call("POST", `/api/v1/workflows/${id}/publish`, {});
    const first = await run(id);
    await put("used", "second");
    const nodes = [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "n0", name: "N0", ...showing("$vars.used + ' ' + $vars.more") },
    ];
    const connections = [{ from: "start", to: "n0" }];
    const { etag } = (await call("GET", `/api/v1/workflows/${id}`)).json;
    const draft = { name, nodes, connections };
    const changed = await call("PUT", `/api/v1/workflows/${id}/draft`, draft, { "if-match": etag });
    assert.equal(changed.status, 200, changed.text);
    const again = await call("POST", `/api/v1/executions/${first.id}/rerun`, { draft: true });
    assert.equal(again.status, 202, again.text);
    const ended = await until(async () => {
      const { json } = await call("GET", `/api/v1/executions/${again.json.id}`);
      return json.status === "succeeded" ? json : undefined;
    });
    assert.equal(ended.output.got, "first also");
  });

  test("of another organization finds nothing", async () => {
    await put("used", "ours");
    const { id } = await workflow([showing("$vars.used ?? 'nothing'")]);
    assert.equal((await run(id)).output.got, "ours");
    const { deps, orgId, envId } = server.running;
    const other = deps.newId();
    const otherEnv = deps.newId();
    await sql("INSERT INTO organizations (id, name) VALUES ($1, 'other')", [other]);
    await sql("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'production')", [otherEnv, other]);
    const definition = { name: "w", nodes: [{ id: "a", config: { x: "{{ $vars.used }}" } }] } as never;
    assert.deepEqual(await deps.variables.of({ orgId, envId }, definition), { used: "ours" });
    assert.equal(await deps.variables.of({ orgId: other, envId: otherEnv }, definition), undefined);
    assert.equal(await deps.variables.of({ orgId: other, envId }, definition), undefined);
  });

  test("is not asked of the database at every start", async () => {
    await put("used", "cached");
    const { deps, orgId, envId } = server.running;
    const definition = { name: "w", nodes: [{ id: "a", config: { x: "{{ $vars.used }}" } }] } as never;
    await deps.variables.of({ orgId, envId }, definition);
    assert.deepEqual(deps.variables.of({ orgId, envId }, definition), { used: "cached" });
  });
});
