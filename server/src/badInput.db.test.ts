// What is wrong is refused with a code, a place and a remedy; nothing is half-written and the server goes on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { runningServer } from "./testing/runningServer.ts";
import { hello } from "./testing/workflows.ts";

const server = await runningServer({ after }, { AURAOS_INPUT_MB: "1" });
const { call } = server;
const { id } = (await call("POST", "/api/v1/workflows", hello)).json;
const execute = `/api/v1/workflows/${id}/execute?wait=10`;
const node = (more: object) => ({
  ...hello,
  name: "odd",
  nodes: [hello.nodes[0], { ...hello.nodes[1], ...more }],
});
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);

const definitions: [what: string, body: unknown, status: number, headers?: Record<string, string>][] = [
  ["broken JSON", "{", 400],
  ["broken YAML", "a: [", 400, { "content-type": "application/yaml" }],
  ["no content type that fits", "x", 415, { "content-type": "text/plain" }],
  [
    "JSON sent as a form",
    JSON.stringify(hello),
    415,
    { "content-type": "application/x-www-form-urlencoded" },
  ],
  ["a list", [], 422],
  ["null", "null", 422],
  ["no name", { nodes: [], connections: [] }, 422],
  ["a name of 300 characters", { ...hello, name: "x".repeat(300) }, 422],
  ["nodes that are none", { ...hello, nodes: [1, null, "x"] }, 422],
  ["nodes as text", { ...hello, nodes: "many" }, 422],
  ["an unknown node type", node({ type: "nope" }), 422],
  ["a type of another kind", node({ type: 7 }), 422],
  ["a config of another kind", node({ config: [] }), 422],
  ["a field nobody knows", node({ config: { fields: {}, colour: 1 } }), 422],
  ["a bad expression", node({ config: { fields: { x: "{{ $json. }}" } } }), 422],
  ["an id with spaces", node({ id: "a b" }), 422],
  ["a duplicate id", { ...hello, nodes: [hello.nodes[0], hello.nodes[0]], connections: [] }, 422],
  ["a dangling wire", { ...hello, connections: [{ from: "start", to: "nowhere" }] }, 422],
  ["a cycle", { ...hello, connections: [...hello.connections, { from: "greet", to: "greet" }] }, 422],
  ["__proto__", JSON.stringify(hello).replace('"config":{}', '"config":{"__proto__":{"x":1}}'), 400],
  ["\\u0000 in a name", JSON.stringify({ ...hello, name: "a\u0000b" }), 422],
  ["half a surrogate pair", JSON.stringify(hello).replace('"Hello', '"\\ud800 Hello'), 422],
  ["nesting of 80 levels", node({ config: deep(80) }), 400],
  [
    "nesting of 100,000 levels",
    `{"name":"x","nodes":${"[".repeat(100_000)}${"]".repeat(100_000)},"connections":[]}`,
    400,
  ],
  ["a number that is none", JSON.stringify(hello).replace('"config":{}', '"config":{"x":1e999}'), 400],
];

for (const [what, body, status, headers] of definitions) {
  test(`a definition with ${what} is refused`, async () => {
    const before = (await call("GET", "/api/v1/workflows?limit=500")).json.items.length;
    const refused = await call("POST", "/api/v1/workflows", body, headers);
    assert.equal(refused.status, status, refused.text);
    for (const field of ["type", "title", "status", "detail", "code", "remedy", "requestId"])
      assert.ok(refused.json[field] !== undefined, field);
    assert.ok(!/\bat .*\.ts:\d+/.test(refused.text), "no stack");
    const located = refused.json.problems ?? [];
    if (status === 422) assert.ok(located.length > 0);
    for (const problem of located)
      for (const field of ["code", "message", "remedy", "path"]) assert.ok(field in problem);
    assert.equal(
      (await call("GET", "/api/v1/workflows?limit=500")).json.items.length,
      before,
      "nothing was made",
    );
  });
}

test("hostile names are only names", async () => {
  const names = [
    "'; DROP TABLE workflows; --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ‮",
    "%00",
    "{{ 1 }}",
  ];
  for (const name of names) {
    const created = await call("POST", "/api/v1/workflows", { ...hello, name });
    assert.equal(created.status, 201, created.text);
    assert.equal(created.json.name, name);
    const found = await call("GET", `/api/v1/workflows?name=${encodeURIComponent(name)}`);
    assert.equal(found.json.items.length, 1);
    const exported = await call("GET", `/api/v1/workflows/${created.json.id}/export`);
    assert.equal(JSON.parse(exported.text).name, name);
  }
});

test("input: too large, packed too large, not JSON, too deep", async () => {
  const large = JSON.stringify({ x: "y".repeat(2 * 1024 * 1024) });
  assert.equal((await call("POST", execute, large)).status, 413);
  const packed = await call("POST", execute, new Uint8Array(gzipSync(large)), { "content-encoding": "gzip" });
  assert.deepEqual([packed.status, packed.json.code], [413, "TOO_LARGE"]);
  const small = new Uint8Array(gzipSync(JSON.stringify({ name: "packed" })));
  assert.equal(
    (await call("POST", execute, small, { "content-encoding": "gzip" })).json.output.greeting,
    "Hello packed",
  );
  assert.equal((await call("POST", execute, small, { "content-encoding": "rot13" })).status, 415);
  assert.equal((await call("POST", execute, "x", { "content-encoding": "gzip" })).status, 400);
  assert.equal((await call("POST", execute, "{'a': 1}")).status, 400);
  assert.equal((await call("POST", execute, deep(70))).status, 400);
  assert.equal((await call("POST", execute, '{"__proto__": 1}')).status, 400);
  assert.equal((await call("POST", execute, new Uint8Array([0xff, 0xfe, 0x80]))).json.code, "TEXT_NOT_UTF8");
});

test("input with \\u0000 and lone surrogates passes through unharmed", async () => {
  const text = '{"name":"a\\u0000b\\ud800c"}';
  const executed = await call("POST", execute, text);
  assert.equal(executed.status, 200, executed.text);
  assert.equal(executed.json.output.name, JSON.parse(text).name);
  assert.equal(
    (await call("GET", `/api/v1/executions/${executed.json.id}`)).json.input.name,
    JSON.parse(text).name,
  );
});

test("odd addresses, methods, keys and queries", async () => {
  assert.equal((await call("GET", "/api/v1/nothing")).status, 404);
  assert.equal((await call("GET", "/api/v1/workflows/not-an-id")).status, 404);
  assert.equal((await call("GET", "/api/v1/workflows/%E0%A4%A")).status, 400);
  assert.equal((await call("GET", "/api/v1/executions/%00")).status, 404);
  const wrong = await call("DELETE", "/api/v1/executions");
  assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "GET"]);
  assert.equal((await call("GET", "/api/v1/workflows?limit=many")).status, 400);
  assert.equal((await call("GET", "/api/v1/workflows?limit=10&limit=20")).status, 400);
  assert.equal((await call("GET", "/api/v1/workflows?after=nonsense")).json.code, "CURSOR_INVALID");
  assert.equal((await call("POST", `/api/v1/workflows/nobody/execute`, {})).status, 404);
  assert.equal((await call("POST", `${execute}&trigger=greet`, {})).json.code, "TRIGGER_UNKNOWN");
  assert.equal((await call("POST", execute, {}, { "idempotency-key": "x".repeat(300) })).status, 400);
  for (const authorization of ["", "Basic eDp5", "Bearer", "Bearer wrong", `Bearer ${"x".repeat(600)}`]) {
    const refused = await call("GET", "/api/v1/workflows", undefined, { authorization });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate") ?? "", /Bearer/);
  }
});

test("answers are not cached, sniffed or framed, and say nothing of the server", async () => {
  const { headers } = await call("GET", "/api/v1/workflows");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
  for (const name of ["x-powered-by", "server", "access-control-allow-origin"])
    assert.equal(headers.get(name), null);
});

test("the server is as well as before", async () => {
  assert.equal((await call("POST", execute, { name: "last" })).json.output.greeting, "Hello last");
  assert.equal((await call("GET", "/health/ready")).json.status, "ready");
});
