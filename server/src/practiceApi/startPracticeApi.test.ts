import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { createHttpClient } from "../outbound/httpClient.ts";
import { type PracticeApi, practiceRoutes, startPracticeApi } from "./startPracticeApi.ts";

let api: PracticeApi;
const http = createHttpClient({ allow: ["127.0.0.1"], timeoutMs: 30_000 });
const never = new AbortController().signal;

before(async () => {
  api = await startPracticeApi({ port: 0, host: "127.0.0.1", seed: "tests" });
});
beforeEach(() => ask("/forget", { method: "POST" }));
after(async () => {
  await http.close();
  await api.close();
});

type Asked = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  redirectsMax?: number;
  timeoutMs?: number;
};

async function ask(path: string, options: Asked = {}, at = api) {
  const response = await http.request({ method: "GET", url: at.url + path, ...options }, never);
  const text = Buffer.from(response.body).toString();
  return { ...response, text, json: () => JSON.parse(text) };
}

async function codeOf(path: string, options: Asked = {}): Promise<string> {
  try {
    const { status } = await ask(path, options);
    return String(status);
  } catch (error) {
    return (error as { failure: { code: string } }).failure.code;
  }
}

const post = (body: unknown, headers: Record<string, string> = {}): Asked => ({
  method: "POST",
  body: JSON.stringify(body),
  headers,
});

test("the index lists every endpoint, as JSON and as a page, and the documentation names each", async () => {
  const index = (await ask("/")).json();
  const routes = practiceRoutes("tests");
  assert.equal(index.endpoints.length, routes.length);
  const page = await ask("/", { headers: { accept: "text/html,*/*" } });
  assert.match(page.headers["content-type"] ?? "", /html/);
  const documentation = readFileSync(new URL("../../../docs/practice-api.md", import.meta.url), "utf8");
  for (const route of routes) {
    assert(page.text.includes(route.path), route.path);
    assert(documentation.includes(`\`${route.path}\``), `docs/practice-api.md does not name ${route.path}`);
  }
});

test("the same seed gives the same answers, another seed others", async () => {
  const [same, other] = await Promise.all([
    startPracticeApi({ seed: "tests" }),
    startPracticeApi({ seed: "else" }),
  ]);
  const sequence = async (at: PracticeApi) => {
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await ask("/flaky?rate=0.5", {}, at)).status);
    return [
      ...statuses,
      (await ask("/orders?limit=100", {}, at)).text.replaceAll(String(at.port), ""),
    ].join();
  };
  const [first, second, third] = [await sequence(api), await sequence(same), await sequence(other)];
  assert.equal(first, second);
  assert.notEqual(first, third);
  assert.match(first, /200.*503|503.*200/);
  await Promise.all([same.close(), other.close()]);
});

test("statuses, and failing a number of times per key", async () => {
  for (const status of [200, 204, 304, 404, 418, 503])
    assert.equal((await ask(`/status/${status}`)).status, status);
  const seen: number[] = [];
  for (const key of ["a", "a", "b", "a"])
    seen.push((await ask(`/fail-first/2?key=${key}&status=502`)).status);
  assert.deepEqual(seen, [502, 502, 502, 200]);
  assert.equal((await ask("/status/abc")).status, 400);
  assert.equal((await ask("/nowhere")).json().error.code, "NOT_FOUND");
});

test("rate limits say when to come back, in seconds or as a date", async () => {
  const seconds = await ask("/rate-limit-first/1?seconds=3");
  assert.deepEqual([seconds.status, seconds.headers["retry-after"]], [429, "3"]);
  assert.equal((await ask("/rate-limit-first/1?seconds=3")).status, 200);
  const askedMs = Date.now();
  const date = await ask("/rate-limit-first/1?seconds=2&format=date&key=d");
  const againMs = Date.parse(date.headers["retry-after"] ?? "");
  assert(againMs > askedMs + 1000 && againMs <= Date.now() + 3000, `${askedMs} ${againMs}`);
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await ask("/rate-window?limit=3&seconds=60")).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
});

test("silence, slowness and broken answers", async () => {
  assert.equal(await codeOf("/hang", { timeoutMs: 200 }), "TIMEOUT");
  assert.equal(await codeOf("/hang-first/1", { timeoutMs: 1_000 }), "TIMEOUT");
  assert.equal(await codeOf("/hang-first/1"), "200");
  const begun = performance.now();
  assert.equal((await ask("/delay/60")).json().delayedMs, 60);
  assert.equal((await ask("/drip?bytes=30&ms=80")).text, "*".repeat(30));
  assert(performance.now() - begun > 120);
  assert.equal(await codeOf("/drip?bytes=100&ms=60000", { timeoutMs: 200 }), "TIMEOUT");
  const malformed = await ask("/malformed-json");
  assert.match(malformed.headers["content-type"] ?? "", /json/);
  assert.throws(malformed.json);
  assert.equal(await codeOf("/truncated"), "BODY_TRUNCATED");
  assert.equal(await codeOf("/reset"), "CONNECTION_RESET");
  assert.equal(await codeOf("/reset-first/1"), "CONNECTION_RESET");
  assert.equal(await codeOf("/reset-first/1"), "200");
});

test("redirects", async () => {
  assert.equal((await ask("/redirect/3")).url, `${api.url}/redirect/0`);
  assert.equal(await codeOf("/redirect/6"), "TOO_MANY_REDIRECTS");
  assert.equal(await codeOf("/redirect-loop"), "TOO_MANY_REDIRECTS");
  assert.equal((await ask("/redirect-to?url=/echo&status=307", post({ a: 1 }))).json().method, "POST");
  assert.equal(
    (await ask("/redirect-to?url=http://elsewhere.example/", { redirectsMax: 0 })).headers.location,
    "http://elsewhere.example/",
  );
});

test("250 orders by page, by link and by cursor", async () => {
  const ids = new Set<string>();
  let next: string | undefined = "/orders?limit=60";
  while (next) {
    const page = await ask(next);
    for (const order of page.json().data) ids.add(order.id);
    next = /<([^>]+)>; rel="next"/.exec(page.headers.link ?? "")?.[1]?.slice(api.url.length);
  }
  assert.equal(ids.size, 250);
  const byCursor = new Set<string>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = (await ask(`/orders/by-cursor?limit=100&cursor=${cursor}`)).json();
    for (const order of page.data) byCursor.add(order.id);
    cursor = page.nextCursor;
  }
  assert.deepEqual(byCursor, ids);
  assert.equal((await ask("/orders/ORD-1001")).json().currency, "EUR");
  assert.equal((await ask("/orders/ORD-1")).status, 404);
  assert.equal((await ask("/products?limit=100")).json().total, 80);
  assert.equal((await ask("/orders/by-cursor?cursor=zzz")).status, 400);
  assert.equal((await ask("/orders?limit=1000")).status, 400);
  assert.equal((await ask("/orders?page=99")).json().data.length, 0);
});

test("flaky pages fail once per key", async () => {
  const statuses = async () => {
    const all: number[] = [];
    for (let page = 1; page <= 10; page += 1)
      all.push((await ask(`/orders?flaky=1&key=x&page=${page}`)).status);
    return all;
  };
  const first = await statuses();
  assert(first.includes(500) && first.includes(200), first.join());
  assert((await statuses()).every((status) => status === 200));
});

test("the same Idempotency-Key has one effect", async () => {
  const first = await ask(
    "/payments",
    post({ orderId: "o1", amount: 10, card: "4242" }, { "idempotency-key": "k1" }),
  );
  const second = await ask(
    "/payments",
    post({ orderId: "o1", amount: 10, card: "4242" }, { "idempotency-key": "k1" }),
  );
  assert.deepEqual([first.status, second.status], [201, 200]);
  assert.equal(second.headers["idempotent-replayed"], "true");
  assert.deepEqual(first.json(), second.json());
  assert.equal((await ask("/payments", post({ amount: 11 }, { "idempotency-key": "k1" }))).status, 422);
  await ask("/payments", post({ orderId: "o1", amount: 10 }));
  const effects = (await ask("/effects")).json();
  assert.equal(effects.count, 2);
  assert.equal(effects.repeats, 2);
  assert.deepEqual(effects.duplicates, [{ kind: "payments", reference: "o1", ids: ["pay_1", "pay_2"] }]);
  assert.equal((await ask("/payments?idempotencyKey=k1")).json().data[0].id, "pay_1");
  await ask("/effects", { method: "DELETE" });
  assert.equal((await ask("/effects")).json().count, 0);
});

test("some requests are refused by rule, and refusals are no effects", async () => {
  const cases: [string, unknown, number][] = [
    ["/payments", { amount: 5, card: "4000 0000 0000 0002" }, 402],
    ["/payments", { amount: 20_000, card: "4242" }, 402],
    ["/payments", { amount: "five" }, 422],
    ["/refunds", { paymentId: "pay_99" }, 404],
    ["/reservations", { sku: "OUT-OF-STOCK", quantity: 1 }, 409],
    ["/releases", { reservationId: "res_9" }, 404],
    ["/shipments", { orderId: "o", country: "XX" }, 422],
    ["/cancellations", {}, 404],
    ["/payments", [1], 400],
  ];
  for (const [path, body, status] of cases) assert.equal((await ask(path, post(body))).status, status, path);
  assert.equal((await ask("/payments", { method: "POST", body: "{" })).status, 400);
  assert.equal((await ask("/effects")).json().count, 0);
});

test("what was done can be undone", async () => {
  for (const [path, body, undo, field] of [
    ["/payments", { amount: 5 }, "/refunds", "paymentId"],
    ["/reservations", { sku: "SKU-0001" }, "/releases", "reservationId"],
    ["/shipments", { orderId: "o" }, "/cancellations", "shipmentId"],
  ] as const) {
    const { id } = (await ask(path, post(body))).json();
    assert.equal((await ask(undo, post({ [field]: id }))).status, 201);
  }
  assert.equal((await ask("/effects")).json().count, 6);
});

test("an answer can get lost before or after the effect", async () => {
  const pay = (trouble: string, key: string) =>
    codeOf(`/payments?trouble=${trouble}`, {
      ...post({ amount: 1 }, { "idempotency-key": key }),
      ...(trouble.startsWith("hang") ? { timeoutMs: 1_000 } : {}),
    });
  const cases = [
    ["reset-before", "CONNECTION_RESET", 0],
    ["500-before", "500", 0],
    ["reset-after", "CONNECTION_RESET", 1],
    ["500-after", "500", 1],
    ["hang-after", "TIMEOUT", 1],
  ] as const;
  for (const [trouble, expected, happened] of cases) {
    assert.equal(await pay(trouble, trouble), expected);
    assert.equal((await ask(`/payments?idempotencyKey=${trouble}`)).json().data.length, happened, trouble);
    assert.equal(await pay(trouble, trouble), happened ? "200" : "201");
  }
  assert.equal((await ask("/effects")).json().count, cases.length);
  assert.equal(await pay("no-such", "x"), "400");
});

test("sign-in and conditional requests", async () => {
  const basic = Buffer.from("practice:practice-password").toString("base64");
  assert.equal((await ask("/basic-auth", { headers: { authorization: `Basic ${basic}` } })).status, 200);
  assert.equal((await ask("/basic-auth")).status, 401);
  const bearer = { headers: { authorization: "Bearer practice-token" } };
  assert.equal((await ask("/bearer", bearer)).status, 200);
  assert.equal((await ask("/bearer")).status, 401);
  assert.equal((await ask("/bearer?expires=1", bearer)).json().error.code, "TOKEN_EXPIRED");
  assert.equal((await ask("/api-key", { headers: { "x-api-key": "practice-token" } })).status, 200);
  assert.equal((await ask("/api-key")).status, 403);
  const fresh = await ask("/etag");
  assert.equal((await ask("/etag", { headers: { "if-none-match": fresh.headers.etag ?? "" } })).status, 304);
  assert.equal(
    (await ask("/etag?version=2", { headers: { "if-none-match": fresh.headers.etag ?? "" } })).status,
    200,
  );
  assert.equal(
    (await ask("/etag", { headers: { "if-modified-since": fresh.headers["last-modified"] ?? "" } })).status,
    304,
  );
});

test("echo", async () => {
  const echoed = (
    await ask("/echo?a=1", { method: "PATCH", body: '{"x":[1]}', headers: { "x-mine": "yes" } })
  ).json();
  assert.deepEqual(
    [echoed.method, echoed.query, echoed.headers["x-mine"], echoed.json],
    ["PATCH", { a: "1" }, "yes", { x: [1] }],
  );
});

test("files up and down", async () => {
  const form = [
    "--B",
    'Content-Disposition: form-data; name="title"',
    "",
    "Ünter",
    "--B",
    'Content-Disposition: form-data; name="file"; filename="a.txt"',
    "Content-Type: text/plain",
    "",
    "one\r\ntwo",
    "--B--",
    "",
  ].join("\r\n");
  const upload = (
    await ask("/upload", {
      method: "POST",
      body: form,
      headers: { "content-type": "multipart/form-data; boundary=B" },
    })
  ).json();
  assert.deepEqual(upload.fields, { title: "Ünter" });
  assert.deepEqual(
    [upload.files.length, upload.files[0].name, upload.files[0].bytes, upload.files[0].mimeType],
    [1, "a.txt", 8, "text/plain"],
  );
  const broken = {
    method: "POST",
    body: "--B\r\nno end",
    headers: { "content-type": "multipart/form-data; boundary=B" },
  };
  assert.equal((await ask("/upload", broken)).status, 400);
  assert.equal((await ask("/upload", { method: "POST", body: new Uint8Array(5) })).json().files[0].bytes, 5);
  const csv = await ask("/download/orders.csv");
  assert.equal(csv.text.trimEnd().split("\r\n").length, 251);
  assert.match(csv.text, /"Gift, with a ""happy birthday"" card"/);
  const png = await ask("/download/picture.png");
  assert.deepEqual([...png.body.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.equal((await ask("/download/1000")).body.length, 1000);
  assert.equal((await ask("/gzip/100000")).body.length, 100_000);
});

test("calls are kept for looking at", async () => {
  await ask("/echo?n=1");
  await codeOf("/reset");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(
    api.calls.filter(({ path }) => path !== "/forget"),
    [
      { method: "GET", path: "/echo", query: { n: "1" }, status: 200 },
      { method: "GET", path: "/reset", query: {}, status: 0 },
    ],
  );
  assert.equal((await ask("/calls?path=/echo")).json().count, 1);
});
