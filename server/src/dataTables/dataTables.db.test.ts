// Data tables over HTTP and from workflows, on a real database: typed, bounded, walled, and written exactly once.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ActivityError, type TableChange } from "@auraos/nodes";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { tableStoreOf } from "./tableStore.ts";

after(() => pool.end());
const server = await runningServer({ after });
const path = "/api/v1/tables";
const { call } = server;
const pool = openPool(server.database.url, { role: "auraos_api", name: "test", max: 4 });
const tables = tableStoreOf(pool, server.running.orgId, server.running.deps.newId);

const customers = {
  name: "Customers",
  columns: [
    { name: "email", type: "text", required: true, unique: true },
    { name: "name", type: "text" },
    { name: "orders", type: "number" },
    { name: "vip", type: "boolean" },
    { name: "since", type: "time" },
    { name: "notes", type: "json" },
  ],
};
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and a wrong guess fails it
type Row = Record<string, any>;
let serial = 0;
/** A table of its own for each test. */
async function newTable(more: Record<string, unknown> = {}) {
  serial += 1;
  const reply = await call("POST", path, { ...customers, name: `Customers ${serial}`, ...more });
  assert.equal(reply.status, 201, reply.text);
  return { ...reply.json, at: `${path}/${reply.json.id}` };
}
const email = (n: number) => `c${n}@example.com`;
const rowsOf = async (at: string, query: Record<string, unknown> = {}) => {
  const text = Object.entries(query).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const reply = await call("GET", `${at}/rows?${new URLSearchParams(text as [string, string][])}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};

describe("a table", () => {
  test("is made, read, listed by name, changed under its etag and deleted", async () => {
    const made = await newTable({ description: "Who buys" });
    assert.equal(made.rows, 0);
    assert.deepEqual(made.columns[0], {
      id: "c1",
      name: "email",
      type: "text",
      required: true,
      unique: true,
    });
    const { at: _, ...view } = made;
    assert.deepEqual((await call("GET", made.at)).json, view);
    assert.deepEqual((await call("GET", `${path}?name=${encodeURIComponent(made.name)}`)).json.items, [view]);
    assert.equal((await call("POST", path, { ...customers, name: made.name })).json.code, "TABLE_EXISTS");
    await call("POST", `${made.at}/rows`, { rows: [{ email: email(1), name: "Ada", orders: 3 }] });

    const columns = [
      { ...made.columns[1], name: "full name", required: true },
      made.columns[0],
      { name: "city", type: "text" },
    ];
    const body = { name: "Buyers", columns };
    assert.equal((await call("PUT", made.at, body, { "if-match": '"9"' })).json.code, "TABLE_CHANGED");
    const put = await call("PUT", made.at, body, { "if-match": made.etag });
    assert.equal(put.status, 200, put.text);
    assert.deepEqual(
      put.json.columns.map(({ id, name }: { id: string; name: string }) => [id, name]),
      [
        ["c2", "full name"],
        ["c1", "email"],
        ["c7", "city"],
      ],
    );
    const [row] = (await rowsOf(made.at)).items;
    assert.deepEqual(Object.entries(row).slice(0, 4), [
      ["id", 1],
      ["full name", "Ada"],
      ["email", email(1)],
      ["city", null],
    ]);
    assert.equal((await call("DELETE", made.at)).status, 204);
    assert.equal((await call("GET", made.at)).status, 404);
    assert.equal((await call("GET", `${made.at}/rows`)).status, 404);
  });

  test("lists in pages", async () => {
    for (let n = 0; n < 3; n += 1) await newTable();
    const seen: string[] = [];
    let next = "";
    do {
      const { json } = await call("GET", `${path}?limit=2${next}`);
      seen.push(...json.items.map(({ name }: { name: string }) => name));
      next = json.next === undefined ? "" : `&after=${json.next}`;
    } while (next !== "");
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length >= 3);
  });

  test("refuses columns that make no sense, each with its place", async () => {
    const problem = async (columns: unknown[]) => {
      const { status, json } = await call("POST", path, { name: "wrong", columns });
      return [status, json.problems?.[0]?.code, json.problems?.[0]?.path];
    };
    assert.deepEqual(await problem([{ name: "id", type: "text" }]), [
      422,
      "COLUMN_RESERVED",
      "/columns/0/name",
    ]);
    const twice = [
      { name: "a", type: "text" },
      { name: "a", type: "number" },
    ];
    assert.deepEqual(await problem(twice), [422, "COLUMN_TWICE", "/columns/1/name"]);
    assert.deepEqual(await problem([{ name: "a", type: "json", unique: true }]), [
      422,
      "COLUMN_UNIQUE",
      "/columns/0/unique",
    ]);
    assert.deepEqual(await problem([{ name: "a", type: "date" }]), [400, "FIELD_INVALID", "/columns/0/type"]);
    const made = await newTable();
    const retyped = await call("PUT", made.at, {
      name: made.name,
      columns: [{ ...made.columns[0], type: "number" }],
    });
    assert.deepEqual([retyped.status, retyped.json.problems[0].code], [422, "COLUMN_TYPE"]);
  });

  test("does not become unique or required against its rows", async () => {
    const made = await newTable();
    await call("POST", `${made.at}/rows`, {
      rows: [
        { email: email(1), name: "Ada" },
        { email: email(2), name: "Ada" },
      ],
    });
    const change = async (index: number, more: Record<string, unknown>) => {
      const columns = made.columns.map((one: unknown, place: number) =>
        place === index ? { ...(one as object), ...more } : one,
      );
      return (await call("PUT", made.at, { name: made.name, columns })).json.code;
    };
    assert.equal(await change(1, { unique: true }), "COLUMN_NOT_UNIQUE");
    assert.equal(await change(2, { required: true }), "COLUMN_MISSING");
    await call("PUT", `${made.at}/rows/2`, { name: "Grace", orders: 1 });
    assert.equal(await change(1, { unique: true }), undefined);
    const again = await call("POST", `${made.at}/rows`, { rows: [{ email: email(3), name: "Grace" }] });
    assert.deepEqual([again.status, again.json.code], [409, "VALUE_TAKEN"]);
  });
});

describe("rows", () => {
  test("keep their types, are counted, changed, and deleted", async () => {
    const { at } = await newTable();
    const given = {
      email: email(1),
      name: "Ada ✓ \\u0000 'quoted'; drop table x",
      orders: 0.1,
      vip: false,
      since: "2026-03-01T09:30:00+02:00",
      notes: { a: [1, "x", null] },
    };
    const written = await call("POST", `${at}/rows`, {
      rows: [given, { email: email(2), orders: 9007199254740991 }],
    });
    assert.deepEqual(written.json, { inserted: 2, updated: 0, ids: [1, 2] });
    const { createdAt, updatedAt, ...row } = (await call("GET", `${at}/rows/1`)).json;
    assert.deepEqual(row, { id: 1, ...given, since: "2026-03-01T07:30:00.000Z" });
    assert.equal(createdAt, updatedAt);
    const changed = await call("PUT", `${at}/rows/1`, { vip: true, notes: null });
    assert.deepEqual([changed.json.vip, changed.json.notes, changed.json.name], [true, null, given.name]);
    assert.equal((await call("GET", at)).json.rows, 2);
    assert.deepEqual((await call("POST", `${at}/rows/delete`, { ids: [1, 77] })).json, { deleted: 1 });
    assert.equal((await call("GET", at)).json.rows, 1);
    assert.equal((await call("GET", `${at}/rows/1`)).status, 404);
    assert.equal((await call("PUT", `${at}/rows/1`, { vip: true })).status, 404);
    // A value that was unique is free again, and a number is never given twice.
    assert.deepEqual((await call("POST", `${at}/rows`, { rows: [{ email: email(1) }] })).json.ids, [3]);
  });

  test("are refused with row, column and what to do; then none is written", async () => {
    const { at } = await newTable();
    for (const [row, code, place] of [
      [{ email: 1 }, "VALUE_INVALID", "/rows/1/email"],
      [{ name: "x" }, "VALUE_MISSING", "/rows/1/email"],
      [{ email: "a", orders: "12" }, "VALUE_INVALID", "/rows/1/orders"],
      [{ email: "a", since: "2026-02-30" }, "VALUE_INVALID", "/rows/1/since"],
      [{ email: "a", since: "tomorrow" }, "VALUE_INVALID", "/rows/1/since"],
      [{ email: "a\0" }, "TEXT_INVALID", "/rows/1/email"],
      [{ email: "a", notes: { deep: ["\ud800"] } }, "TEXT_INVALID", "/rows/1/notes/deep/0"],
      [{ email: "a", emial: "b" }, "COLUMN_UNKNOWN", "/rows/1/emial"],
      [{ email: "a", id: 5 }, "COLUMN_UNKNOWN", "/rows/1/id"],
      [{ email: "a", name: "x".repeat(70_000) }, "ROW_TOO_LARGE", "/rows/1/"],
    ] as const) {
      const { status, json } = await call("POST", `${at}/rows`, { rows: [{ email: "good" }, row] });
      assert.deepEqual([status, json.problems?.[0].code, json.problems?.[0].path], [422, code, place]);
      assert.ok(json.problems[0].remedy.length > 5);
    }
    const taken = await call("POST", `${at}/rows`, {
      rows: [{ email: "x" }, { email: "y" }, { email: "x" }],
    });
    assert.deepEqual([taken.status, taken.json.code], [409, "VALUE_TAKEN"]);
    assert.match(taken.json.detail, /"email".*"x"/);
    assert.equal((await call("GET", at)).json.rows, 0);
  });

  test("are matched: changed when there, inserted when not, the later of equal ones wins", async () => {
    const { at } = await newTable();
    await call("POST", `${at}/rows`, { rows: [{ email: email(1), name: "Ada", orders: 1 }] });
    const rows = [
      { email: email(2), orders: 5 },
      { email: email(1), orders: 2 },
      { email: email(2), name: "Grace" },
    ];
    const { json } = await call("POST", `${at}/rows`, { rows, match: ["email"] });
    assert.deepEqual(json, { inserted: 1, updated: 1, ids: [2, 1, 2] });
    const seen = (await rowsOf(at)).items.map(({ name, orders }: Record<string, unknown>) => [name, orders]);
    assert.deepEqual(seen, [
      ["Ada", 2],
      ["Grace", 5],
    ]);
    const byName = await call("POST", `${at}/rows`, { rows: [{ name: "Ada", vip: true }], match: ["name"] });
    assert.deepEqual(byName.json, { inserted: 0, updated: 1, ids: [1] });
    const fresh = await call("POST", `${at}/rows`, { rows: [{ name: "Nobody" }], match: ["name"] });
    assert.equal(fresh.json.problems[0].code, "VALUE_MISSING");
    for (const match of [["notes"], ["nothing"]])
      assert.equal(
        (await call("POST", `${at}/rows`, { rows: [{ name: "x" }], match })).json.problems[0].path,
        "/match/0",
      );
  });

  test("an Idempotency-Key writes once", async () => {
    const { at } = await newTable({ columns: [{ name: "n", type: "number" }] });
    const headers = { "idempotency-key": "order 7" };
    const replies = await Promise.all(
      [1, 2, 3].map(() => call("POST", `${at}/rows`, { rows: [{ n: 1 }] }, headers)),
    );
    assert.deepEqual(
      replies.map(({ json }) => json.ids),
      [[1], [1], [1]],
    );
    assert.equal((await call("GET", at)).json.rows, 1);
  });
});

test("filters and sorting agree with the same done by hand, in pages that go on behind any row", async () => {
  const { at } = await newTable({
    columns: [
      { name: "word", type: "text" },
      { name: "size", type: "number" },
      { name: "day", type: "time" },
    ],
  });
  const words = ["alpha", "beta", null, "", "Alphabet", "100%", "a_b"];
  const rows = Array.from({ length: 120 }, (_, n) => ({
    word: words[n % words.length],
    size: n % 5 === 0 ? null : ((n * 37) % 50) - 20,
    day: n % 7 === 0 ? null : new Date(Date.UTC(2026, 0, 1 + (n % 11))).toISOString(),
  }));
  await call("POST", `${at}/rows`, { rows });
  const all = (await rowsOf(at, { limit: 200 })).items as Row[];
  const checks: [unknown, (row: Row) => boolean][] = [
    [{ column: "word", operator: "equals", value: "beta" }, ({ word }) => word === "beta"],
    [{ column: "word", operator: "notEquals", value: "beta" }, ({ word }) => word !== "beta"],
    [{ column: "word", operator: "equals", value: null }, ({ word }) => word === null],
    [{ column: "word", operator: "contains", value: "%" }, ({ word }) => word === "100%"],
    [{ column: "word", operator: "startsWith", value: "a_" }, ({ word }) => word === "a_b"],
    [{ column: "word", operator: "endsWith", value: "bet" }, ({ word }) => word === "Alphabet"],
    [{ column: "word", operator: "isEmpty" }, ({ word }) => word === null || word === ""],
    [
      { column: "word", operator: "in", value: ["beta", "alpha"] },
      ({ word }) => word === "beta" || word === "alpha",
    ],
    [
      { column: "size", operator: "greaterOrEqual", value: 10.5 },
      ({ size }) => size !== null && size >= 10.5,
    ],
    [{ column: "size", operator: "less", value: 0 }, ({ size }) => size !== null && size < 0],
    [{ column: "size", operator: "notIn", value: [1, null] }, ({ size }) => size !== 1 && size !== null],
    [
      { column: "day", operator: "less", value: "2026-01-03" },
      ({ day }) => day !== null && day < "2026-01-03",
    ],
    [{ column: "id", operator: "greater", value: 100 }, ({ id }) => id > 100],
    [{ column: "createdAt", operator: "less", value: "2020-01-01" }, () => false],
  ];
  for (const [condition, holds] of checks) {
    const found = (await rowsOf(at, { where: [condition], limit: 200 })).items;
    assert.deepEqual(
      found.map(({ id }: { id: number }) => id),
      all.filter(holds).map(({ id }) => id),
      JSON.stringify(condition),
    );
  }
  const inOrder = new Map<string, unknown[]>();
  for (const sort of ["size", "-size", "day", "-day", "word", "-word", "-id", "createdAt"]) {
    const name = sort.replace("-", "");
    const paged: Row[] = [];
    let next: string | undefined;
    do {
      const page = await rowsOf(at, { sort, limit: 17, ...(next === undefined ? {} : { after: next }) });
      paged.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    assert.deepEqual(new Set(paged.map(({ id }) => id)).size, 120, sort);
    for (let n = 1; n < paged.length && name === "size"; n += 1) {
      const [a, b] = [paged[n - 1]?.size ?? -99, paged[n]?.size ?? -99];
      assert.ok(sort === "size" ? a <= b : a >= b, `${sort} at ${n}`);
    }
    if (name === "word" || name === "day")
      inOrder.set(
        sort,
        paged.map((row) => row[name]),
      );
  }
  // Whatever the collation is: equal ones together, no value before all others, and down is up from behind.
  for (const name of ["word", "day"] as const) {
    const up = inOrder.get(name) ?? [];
    assert.equal(up[0], null);
    assert.deepEqual(inOrder.get(`-${name}`), up.toReversed());
    const changes = up.filter((value, n) => n === 0 || value !== up[n - 1]);
    assert.equal(changes.length, new Set(up).size, name);
  }
});

test("wrong filters and places are refused, and text is never SQL", async () => {
  const { at } = await newTable();
  await call("POST", `${at}/rows`, { rows: [{ email: email(1) }] });
  const refusal = async (query: Record<string, string>) => {
    const { status, json } = await call("GET", `${at}/rows?${new URLSearchParams(query)}`);
    return [status, json.code, json.problems?.[0]?.field];
  };
  const where = (condition: unknown) => ({ where: JSON.stringify([condition]) });
  assert.deepEqual(await refusal({ where: "{" }), [400, "QUERY_INVALID", undefined]);
  assert.deepEqual(await refusal({ where: "[{}]" }), [400, "QUERY_INVALID", undefined]);
  assert.deepEqual(await refusal(where({ column: "c1", operator: "equals", value: 1 })), [
    422,
    "ROWS_INVALID",
    "where.0.column",
  ]);
  assert.deepEqual(await refusal(where({ column: "orders", operator: "equals", value: "1" })), [
    422,
    "ROWS_INVALID",
    "where.0.value",
  ]);
  assert.deepEqual(await refusal(where({ column: "orders", operator: "contains", value: "1" })), [
    422,
    "ROWS_INVALID",
    "where.0.operator",
  ]);
  assert.deepEqual(await refusal({ sort: "'; drop table data_tables" }), [422, "ROWS_INVALID", "sort.0"]);
  assert.deepEqual(await refusal({ after: "bm9uc2Vuc2U" }), [400, "CURSOR_INVALID", undefined]);
  const found = await rowsOf(at, where({ column: "email", operator: "equals", value: "x' OR true --" }));
  assert.deepEqual(found.items, []);
});

describe("CSV", () => {
  test("out and in again is the same, with types, quotes and emptiness", async () => {
    const source = await newTable();
    const rows = [
      {
        email: email(1),
        name: 'Ada "the first", Countess\nof L.',
        orders: -1.5,
        vip: true,
        since: "2026-03-01",
        notes: { a: 1 },
      },
      { email: email(2), name: "=SUM(A1)" },
    ];
    await call("POST", `${source.at}/rows`, { rows });
    const file = await call("GET", `${source.at}/export`);
    assert.match(file.headers.get("content-type") ?? "", /^text\/csv/);
    assert.match(file.headers.get("content-disposition") ?? "", /Customers-\d+\.csv/);
    const escaped = await call("GET", `${source.at}/export?escapeFormulas=1`);
    assert.match(escaped.text, /'=SUM/);

    const target = await newTable();
    const csv = { "content-type": "text/csv" };
    const imported = await call("POST", `${target.at}/import`, file.text, csv);
    assert.deepEqual(imported.json, { inserted: 2, updated: 0 }, imported.text);
    const plain = (items: Record<string, unknown>[]) =>
      items.map(({ createdAt: _c, updatedAt: _u, ...row }) => row);
    assert.deepEqual(plain((await rowsOf(target.at)).items), plain((await rowsOf(source.at)).items));
    const again = await call(
      "POST",
      `${target.at}/import?match=email`,
      `email,orders\n${email(2)},7\n${email(3)},8\n`,
      csv,
    );
    assert.deepEqual(again.json, { inserted: 1, updated: 1 });
  });

  test("names the line and column of what is wrong, and writes none", async () => {
    const { at } = await newTable();
    const problem = async (text: string | Uint8Array) => {
      const { status, json } = await call("POST", `${at}/import`, text, { "content-type": "text/csv" });
      return [status, json.code, json.problems?.[0]?.path];
    };
    assert.deepEqual(await problem(`email,orders\na,1\nb,many\n`), [422, "ROWS_INVALID", "/3/orders"]);
    assert.deepEqual(await problem("email,vip\na,yes\n"), [422, "ROWS_INVALID", "/2/vip"]);
    assert.deepEqual(await problem("email,colour\na,red\n"), [422, "ROWS_INVALID", "/2/colour"]);
    assert.deepEqual(await problem("email,name\na,b,c\n"), [422, "CSV_MALFORMED", undefined]);
    assert.deepEqual(await problem('email\n"a\n'), [422, "CSV_MALFORMED", undefined]);
    assert.deepEqual(await problem("email\na\na\n"), [409, "VALUE_TAKEN", undefined]);
    assert.deepEqual(await problem(Buffer.from([0x65, 0xff, 0x0a])), [400, "TEXT_NOT_UTF8", undefined]);
    assert.equal((await call("GET", at)).json.rows, 0);
  });

  test("takes some thousand rows, and a table does not grow beyond its bound", async () => {
    const { at, rowsMax } = await newTable({ columns: [{ name: "n", type: "number", unique: true }] });
    const lines = (from: number, to: number) =>
      `n\n${Array.from({ length: to - from }, (_, n) => from + n).join("\n")}\n`;
    const csv = { "content-type": "text/csv" };
    assert.equal((await call("POST", `${at}/import`, lines(0, 5000), csv)).json.inserted, 5000);
    assert.equal((await call("GET", at)).json.rows, 5000);
    assert.equal((await call("GET", `${at}/export`)).text.trim().split("\n").length, 5001);
    const full = await call("POST", `${at}/import`, lines(5000, 5001 + rowsMax), csv);
    assert.deepEqual([full.status, full.json.code], [422, "TABLE_FULL"]);
  });
});

describe("a workflow", () => {
  const write = (name: string, change: TableChange, key: string) => tables.write(name, change, key);

  test("reads and writes by the node, and says what is wrong with which setting", async () => {
    const table = await newTable();
    const node = (id: string, config: Record<string, unknown>) => ({
      id,
      type: "table",
      config: { table: table.name, ...config },
    });
    const definition = {
      name: "keeps customers",
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        node("keep", {
          operation: "upsert",
          match: ["email"],
          values: { email: "{{ $json.email }}", orders: "{{ $json.orders }}" },
        }),
        node("many", {
          operation: "find",
          where: [{ column: "orders", operator: "greater", value: 4 }],
          sort: [{ column: "orders", direction: "descending" }],
        }),
        node("gone", { operation: "delete", where: [{ column: "id", value: "{{ $json.id }}" }] }),
        node("left", { operation: "count" }),
      ],
      connections: [
        { from: "start", to: "keep" },
        { from: "keep", to: "many" },
        { from: "many", to: "gone" },
        { from: "gone", to: "left" },
      ],
    };
    const stored = await call("POST", "/api/v1/workflows", definition);
    assert.equal(stored.status, 201, stored.text);
    const run = async (input: unknown) => {
      const { json } = await call("POST", `/api/v1/workflows/${stored.json.id}/execute?wait=20`, input);
      return json;
    };
    const first = await run({ email: email(1), orders: 5 });
    assert.equal(first.status, "succeeded", JSON.stringify(first));
    assert.deepEqual([first.output].flat(), [{ count: 0 }]);
    const wrong = await run({ email: email(1), orders: "five" });
    assert.deepEqual(
      [wrong.status, wrong.failure?.code, wrong.failure?.field],
      ["failed", "ROWS_INVALID", "rows"],
    );
    await call("DELETE", table.at);
    const gone = await run({ email: email(1), orders: 5 });
    assert.deepEqual([gone.failure?.code, gone.failure?.field], ["TABLE_UNKNOWN", "table"]);
  });

  test("writes once under a key, also when many attempts race, and the first result is the one that counts", async () => {
    const { name, at } = await newTable({ columns: [{ name: "n", type: "number" }] });
    const insert: TableChange = { kind: "write", rows: [{ n: 1 }] };
    const results = await Promise.all(Array.from({ length: 8 }, () => write(name, insert, "attempt")));
    for (const { rows } of results) assert.equal(rows[0]?.id, 1);
    assert.equal(
      (await write(name, { kind: "delete", filter: { where: [], any: false } }, "attempt")).inserted,
      1,
    );
    assert.equal((await call("GET", at)).json.rows, 1);
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(name, insert, `other ${n}`)));
    assert.equal((await call("GET", at)).json.rows, 21);
    const ids = (await rowsOf(at, { limit: 100 })).items.map(({ id }: { id: number }) => id);
    assert.deepEqual(
      ids,
      Array.from({ length: 21 }, (_, n) => n + 1),
    );
    const many = { kind: "write" as const, rows: Array.from({ length: 10_001 }, () => ({ n: 1 })) };
    await assert.rejects(
      write(name, many, "many"),
      (error) => error instanceof ActivityError && error.failure.code === "ROWS_BOUND",
    );
  });

  test("updates and deletes what its filter says, any or all", async () => {
    const { name } = await newTable({
      columns: [
        { name: "n", type: "number" },
        { name: "s", type: "text" },
      ],
    });
    await write(
      name,
      { kind: "write", rows: [1, 2, 3, 4].map((n) => ({ n, s: n % 2 ? "odd" : "even" })) },
      "fill",
    );
    const any = {
      any: true,
      where: [
        { column: "n", operator: "equals", value: 1 },
        { column: "s", operator: "equals", value: "even" },
      ],
    };
    assert.equal(await tables.count(name, any), 3);
    assert.equal(await tables.count(name, { ...any, any: false }), 0);
    assert.equal((await write(name, { kind: "update", values: { n: null }, filter: any }, "u")).updated, 3);
    assert.equal(
      (
        await write(
          name,
          { kind: "delete", filter: { any: false, where: [{ column: "n", operator: "isEmpty" }] } },
          "d",
        )
      ).deleted,
      3,
    );
    const left = await tables.find(name, { where: [], any: false, sort: [], limit: 10 });
    assert.deepEqual(
      left.map(({ n, s }) => [n, s]),
      [[3, "odd"]],
    );
  });

  test("makes a table that is not there, once", async () => {
    const columns = [
      { name: "key", type: "text" as const, required: true },
      { name: "n", type: "number" as const },
    ];
    await Promise.all([1, 2, 3].map(() => tables.ensure("made by a workflow", columns)));
    await write("made by a workflow", { kind: "write", rows: [{ key: "a", n: 1 }] }, "first");
    await tables.ensure("made by a workflow", columns);
    assert.equal(await tables.count("made by a workflow", { where: [], any: false }), 1);
  });

  test("of another organization finds nothing", async () => {
    const { name, id } = await newTable();
    const other = "01900000-0000-7000-8000-00000000beef";
    await assert.rejects(
      tableStoreOf(pool, other, server.running.deps.newId).count(name, { where: [], any: false }),
      (error) => error instanceof ActivityError && error.failure.code === "TABLE_UNKNOWN",
    );
    const { rowCount } = await pool.query("SELECT 1 FROM data_tables WHERE id = $1", [id]);
    assert.equal(rowCount, 0);
  });
});

test("after a restart everything is as it was", async () => {
  const { at, name } = await newTable({ columns: [{ name: "n", type: "number" }] });
  await tables.write(name, { kind: "write", rows: [{ n: 1 }] }, "before");
  await server.restart();
  await until(async () => (await call("GET", at)).status === 200);
  await tables.write(name, { kind: "write", rows: [{ n: 1 }] }, "before");
  assert.equal((await call("GET", at)).json.rows, 1);
});
