// On the Firestore emulator (@firestore-emulator/server). It speaks gRPC only, so a gateway stands before it that turns
// the JSON of the REST interface into the messages of that protocol and back, as Google's own service does.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { FirestoreServer } from "@firestore-emulator/server";
import { failureOf, jsonOf, runNode } from "../testing.ts";
import { firestoreNode } from "./node.ts";
import { fromValue, toValue } from "./values.ts";

// What the emulator itself is made of.
const need = createRequire(createRequire(import.meta.url).resolve("@firestore-emulator/server"));
const grpc = need("@grpc/grpc-js");
const proto = need("@firestore-emulator/proto/dist/google/firestore/v1/firestore");

let service = "";
let seen: string[] = [];
const bodies: JsonObject[] = [];
let answer = 0;
const emulator = new FirestoreServer();
// biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
let client: any;
const gateway = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const url = decodeURIComponent(request.url ?? "");
  bodies.push(JSON.parse(text));
  seen.push(`${url} ${request.headers.authorization ?? ""}`);
  const [, place = "", method = ""] = /^\/v1\/(.+):(\w+)$/.exec(url) ?? [];
  if (answer !== 0) return void response.writeHead(answer).end('{"error":{"message":"no"}}');
  try {
    const reply = await carryOut(place, method, snake(JSON.parse(text)) as JsonObject);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(reply));
  } catch (error) {
    response.writeHead(400).end(JSON.stringify({ error: { message: String(error) } }));
  }
});

async function carryOut(place: string, method: string, body: JsonObject): Promise<unknown> {
  const database = place.slice(0, place.indexOf("/documents"));
  if (method === "commit") {
    const request = proto.CommitRequest.fromObject({ database, ...body });
    return new Promise((resolve, reject) =>
      client.Commit(request, (error: Error | null, reply: { write_results: unknown[] }) =>
        error ? reject(error) : resolve({ writeResults: reply.write_results.length }),
      ),
    );
  }
  const stream =
    method === "batchGet"
      ? client.BatchGetDocuments(proto.BatchGetDocumentsRequest.fromObject({ database, ...body }))
      : client.RunQuery(proto.RunQueryRequest.fromObject({ parent: place, ...body }));
  const rows: unknown[] = [];
  for await (const row of stream) {
    if (row.has_document) rows.push({ document: documentJson(row.document) });
    else rows.push(row.has_found ? { found: documentJson(row.found) } : {});
  }
  return rows;
}

const enums: Record<string, number> = {
  ...{
    LESS_THAN: 1,
    LESS_THAN_OR_EQUAL: 2,
    GREATER_THAN: 3,
    GREATER_THAN_OR_EQUAL: 4,
    EQUAL: 5,
    NOT_EQUAL: 6,
  },
  ...{ ARRAY_CONTAINS: 7, IN: 8, AND: 1, ASCENDING: 1, DESCENDING: 2 },
};

/** JSON of the REST interface -> messages. Names within `fields` are the document's own. */
function snake(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => snake(one));
  if (!isObject(value)) {
    if ((key === "op" || key === "direction") && typeof value === "string") return enums[value];
    if (key === "limit") return { value };
    if (key === "integerValue") return Number(value);
    if (key === "nullValue") return 0;
    if (key === "timestampValue") return { seconds: Math.floor(Date.parse(String(value)) / 1000), nanos: 0 };
    return value;
  }
  if (key === "fields") return mapped(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`),
      snake(one, name),
    ]),
  );
}
const mapped = (value: object) =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, snake(one)]));

/** Messages -> JSON. Which kind a value has is told by the message alone. */
// biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
function documentJson({ name, fields }: any): JsonObject {
  const entries = [...fields.entries()].map(([field, value]) => [field, valueJson(value)]);
  return { name, fields: Object.fromEntries(entries) };
}

// biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
function valueJson(value: any): JsonObject {
  const kind: string = value.value_type;
  const name = kind.replace(/_([a-z])/g, (_, sign: string) => sign.toUpperCase());
  const given = value[kind];
  if (kind === "map_value")
    return { mapValue: { fields: documentJson({ name: "", fields: given.fields }).fields as Json } };
  if (kind === "array_value") return { arrayValue: { values: given.values.map(valueJson) } };
  if (kind === "timestamp_value")
    return { timestampValue: new Date(Number(given.seconds) * 1000).toISOString() };
  if (kind === "integer_value") return { integerValue: String(given) };
  return { [name]: kind === "null_value" ? null : given };
}

before(async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  await emulator.start(port);
  client = new proto.FirestoreClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  service = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
after(async () => {
  client.close();
  gateway.closeAllConnections();
  gateway.close();
  await (emulator as unknown as { stop(): Promise<void> }).stop();
});

const run = async (config: JsonObject, key = "key-1") => {
  const base = { project: "shop", service, ...config };
  return (
    jsonOf(await runNode(firestoreNode, { config: base, items: [{ in: 1 }] }, {}, { idempotencyKey: key }))
      .main ?? []
  );
};

describe("documents", () => {
  it("are set, got, merged and deleted, with their kinds", async () => {
    const data = {
      state: "open",
      total: 9.5,
      count: 3,
      paid: false,
      note: null,
      tags: ["a", 1],
      at: { $time: "2026-01-02T03:04:05Z" },
      to: { city: "Köln" },
    };
    await run({ operation: "set", path: "orders/A-7", data });
    const whole = { ...data, at: "2026-01-02T03:04:05.000Z" };
    assert.deepEqual(await run({ operation: "get", path: "orders/A-7" }), [{ id: "A-7", ...whole }]);
    await run({ operation: "merge", path: "orders/A-7", data: { state: "sent" } });
    assert.deepEqual(await run({ operation: "get", path: "orders/A-7", into: "order" }), [
      { in: 1, order: { id: "A-7", ...whole, state: "sent" } },
    ]);
    await run({ operation: "set", path: "orders/A-7", data: { only: 1 } });
    // Without a mask the service replaces the whole document; this emulator keeps the old fields, so it is looked at what is sent.
    assert.deepEqual(bodies.at(-1), {
      writes: [
        {
          update: {
            name: "projects/shop/databases/(default)/documents/orders/A-7",
            fields: { only: { integerValue: "1" } },
          },
        },
      ],
    });
    assert.deepEqual(await run({ operation: "delete", path: "orders/A-7" }), [{ in: 1 }]);
    assert.deepEqual(await run({ operation: "get", path: "orders/A-7" }), []);
    assert.deepEqual(await run({ operation: "get", path: "orders/A-7", into: "order" }), [
      { in: 1, order: null },
    ]);
  });

  it("are added once per effect", async () => {
    const add = (key: string) => run({ operation: "add", path: "events", data: { n: 1 } }, key);
    const [[first], [again], [other]] = await Promise.all([add("a"), add("a"), add("b")]);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.equal((await run({ operation: "query", path: "events" })).length, 2);
  });

  it("are found by comparisons, sorted and bounded", async () => {
    for (const [id, n] of [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ] as const)
      await run({ operation: "set", path: `items/${id}`, data: { n, kind: n === 2 ? "even" : "odd" } });
    const ids = async (more: JsonObject) =>
      (await run({ operation: "query", path: "items", ...more })).map((row) => (row as { id: string }).id);
    assert.deepEqual(await ids({ orderBy: "-n" }), ["c", "b", "a"]);
    assert.deepEqual(await ids({ where: [{ field: "n", operator: "greater", value: 1 }], orderBy: "n" }), [
      "b",
      "c",
    ]);
    assert.deepEqual(await ids({ orderBy: "n", limit: 1 }), ["a"]);
    const both = [
      { field: "kind", value: "odd" },
      { field: "n", operator: "greaterOrEqual", value: 2 },
    ];
    assert.deepEqual(await ids({ where: both, orderBy: "n" }), ["c"]);
  });
});

it("sends its token, keeps it out of failures, and says what a refusal means", async () => {
  seen = [];
  answer = 403;
  const failure = await failureOf(() =>
    run({ operation: "get", path: "a/b", token: "token-canary-0123456789" }),
  );
  answer = 503;
  const down = await failureOf(() => run({ operation: "set", path: "a/b", data: {} }));
  answer = 0;
  assert.deepEqual([failure.code, failure.class], ["HTTP_403", "auth"]);
  assert.match(seen[0] ?? "", /Bearer token-canary/);
  assert.ok(!JSON.stringify(failure).includes("canary"));
  assert.deepEqual([down.code, down.retryable], ["HTTP_503", true]);
});

it("knows documents from collections, and its effects", () => {
  const field = (operation: string, path: string) =>
    firestoreNode.checkConfig?.({ project: "p", operation, path })[0]?.field;
  assert.equal(field("get", "orders"), "path");
  assert.equal(field("query", "orders/A-7"), "path");
  assert.equal(field("get", "orders/../x"), "path");
  assert.equal(field("get", "orders/A-7"), undefined);
  assert.equal(field("add", "orders/A-7/lines"), undefined);
  assert.deepEqual(
    ["get", "query", "set", "add"].map((operation) => firestoreNode.effectOf?.({ operation })),
    ["read", "read", "idempotent", "idempotent"],
  );
  assert.equal(fromValue({ integerValue: "9007199254740993" }), "9007199254740993");
  const values: Json[] = [null, "x", true, 1, 1.5, [1, [2]], { a: { b: null } }];
  assert.deepEqual(
    values.map((one) => fromValue(toValue(one))),
    values,
  );
});
