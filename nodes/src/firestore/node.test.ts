// On the Firestore emulator.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { failureOf, jsonOf, runNode } from "../testing.ts";
import { firestoreNode } from "./node.ts";
import { startEmulator } from "./testing/emulator.ts";
import { fromValue, toValue } from "./values.ts";

const emulator = await startEmulator();
const { service, bodies } = emulator;
after(() => emulator.close());

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
  emulator.seen.length = 0;
  emulator.answer = 403;
  const failure = await failureOf(() =>
    run({ operation: "get", path: "a/b", token: "token-canary-0123456789" }),
  );
  emulator.answer = 503;
  const down = await failureOf(() => run({ operation: "set", path: "a/b", data: {} }));
  emulator.answer = 0;
  assert.deepEqual([failure.code, failure.class], ["HTTP_403", "auth"]);
  assert.match(emulator.seen[0] ?? "", /Bearer token-canary/);
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
