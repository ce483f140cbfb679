import assert from "node:assert/strict";
import { test } from "node:test";
import { ActivityError, type HttpClient, type HttpResponse } from "@auraos/nodes";
import { connectionKey, createHostLimiter } from "./limiter.ts";

const org = "o1";
const none = { concurrency: null, requests: null, perSeconds: 1 };
const never = new AbortController().signal;

/** A client whose requests end when the test says so. */
function held() {
  const open: (() => void)[] = [];
  let most = 0;
  const client: HttpClient = {
    request: () =>
      new Promise<HttpResponse>((resolve) => {
        open.push(() => resolve({ status: 200, headers: {}, body: new Uint8Array(), url: "" }));
        most = Math.max(most, open.length);
      }),
  };
  return { client, open, most: () => most };
}

const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
const get = (client: HttpClient, url = "http://api.example/x", signal = never) =>
  client.request({ method: "GET", url }, signal);

test("an organization without limits uses the client itself", () => {
  const limiter = createHostLimiter();
  const { client } = held();
  limiter.set([{ orgId: "other", host: "api.example", ...none, concurrency: 1 }]);
  assert.equal(limiter.http(org, client), client);
});

test("never more at once than allowed, in the order of asking; other hosts are free", async () => {
  const limiter = createHostLimiter();
  const { client, open, most } = held();
  limiter.set([{ orgId: org, host: "api.example", ...none, concurrency: 2 }]);
  const http = limiter.http(org, client);
  const order: number[] = [];
  const all = Array.from({ length: 6 }, (_, at) => get(http).then(() => order.push(at)));
  await settled();
  assert.equal(open.length, 2);
  void get(http, "http://elsewhere.example/");
  await settled();
  assert.equal(open.length, 3);
  open.pop()?.();
  for (let ended = 0; ended < 6; ended += 1) {
    open.shift()?.();
    await settled();
    assert.ok(open.length <= 2);
  }
  await Promise.all(all);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
  assert.equal(most(), 3);
});

test("a body that is still being read keeps its place", async () => {
  const limiter = createHostLimiter();
  const { promise: ended, resolve: readToItsEnd } = Promise.withResolvers<void>();
  let calls = 0;
  const client: HttpClient = {
    async request() {
      calls += 1;
      const stream = { ended, async *[Symbol.asyncIterator]() {} };
      return { status: 200, headers: {}, body: new Uint8Array(), url: "", stream };
    },
  };
  limiter.set([{ orgId: org, host: "api.example", ...none, concurrency: 1 }]);
  const http = limiter.http(org, client);
  await get(http);
  const second = get(http);
  await settled();
  assert.equal(calls, 1);
  readToItsEnd();
  await second;
  assert.equal(calls, 2);
});

test("a limit for a port leaves other ports alone", async () => {
  const limiter = createHostLimiter();
  const { client, open } = held();
  limiter.set([{ orgId: org, host: "api.example:8443", ...none, concurrency: 1 }]);
  const http = limiter.http(org, client);
  for (const port of [8443, 8443, 9000, 9000]) void get(http, `https://api.example:${port}/`);
  await settled();
  assert.equal(open.length, 3);
  limiter.set([]);
});

test("so many in a period, counted over a sliding window", async () => {
  let nowMs = 0;
  const limiter = createHostLimiter(() => nowMs);
  const { client, open } = held();
  limiter.set([{ orgId: org, host: "api.example", ...none, requests: 3, perSeconds: 10 }]);
  const http = limiter.http(org, client);
  for (let at = 0; at < 5; at += 1) void get(http);
  await settled();
  assert.equal(open.length, 3);
  nowMs = 9_999;
  limiter.set([{ orgId: org, host: "api.example", ...none, requests: 3, perSeconds: 10 }]);
  await settled();
  assert.equal(open.length, 3);
  nowMs = 10_000;
  limiter.set([{ orgId: org, host: "api.example", ...none, requests: 3, perSeconds: 10 }]);
  await settled();
  assert.equal(open.length, 5);
});

test("who is cancelled while waiting sends nothing and keeps no place", async () => {
  const limiter = createHostLimiter();
  const { client, open } = held();
  limiter.set([{ orgId: org, host: "api.example", ...none, concurrency: 1 }]);
  const http = limiter.http(org, client);
  const first = get(http);
  const cancel = new AbortController();
  const second = get(http, undefined, cancel.signal);
  const third = get(http);
  await settled();
  cancel.abort();
  await assert.rejects(
    second,
    (error) => error instanceof ActivityError && error.failure.certainty === "notDone",
  );
  open.shift()?.();
  await first;
  await settled();
  assert.equal(open.length, 1);
  open.shift()?.();
  await third;
});

test("a limit that is taken away lets everybody go", async () => {
  const limiter = createHostLimiter();
  const { client, open } = held();
  limiter.set([{ orgId: org, host: "api.example", ...none, concurrency: 1 }]);
  const http = limiter.http(org, client);
  for (let at = 0; at < 4; at += 1) void get(http);
  await settled();
  limiter.set([]);
  await settled();
  assert.equal(open.length, 4);
  limiter.set([]);
});

test("a connection's limit holds over all its hosts, beside that of the host; other steps are free", async () => {
  const limiter = createHostLimiter();
  const { client, open } = held();
  limiter.set([
    { orgId: org, host: connectionKey("Shop"), ...none, concurrency: 2 },
    { orgId: org, host: "api.example", ...none, concurrency: 1 },
  ]);
  const shop = limiter.http(org, client, { step: {}, connection: "Shop" });
  const other = limiter.http(org, client, { step: {}, connection: "Other" });
  const plain = limiter.http(org, client, { step: {}, connection: undefined });
  void get(shop, "http://a.example/");
  void get(shop, "http://b.example/");
  void get(shop, "http://c.example/");
  await settled();
  assert.equal(open.length, 2);
  void get(other, "http://c.example/");
  void get(plain, "http://api.example/");
  void get(plain, "http://api.example/");
  await settled();
  assert.equal(open.length, 4);
  open.shift()?.();
  await settled();
  assert.equal(open.length, 4);
  limiter.set([]);
});

test("what is not HTTP keeps its place until its step ends, once; HTTP of the same step does not wait for itself", async () => {
  const limiter = createHostLimiter();
  const { client, open } = held();
  limiter.set([{ orgId: org, host: connectionKey("Books"), ...none, concurrency: 1 }]);
  const to = { host: "db.example", port: 5432 };
  const first = { step: {}, connection: "Books" };
  const second = { step: {}, connection: "Books" };
  await limiter.pass(org, to, first, never);
  await limiter.pass(org, to, first, never);
  void get(limiter.http(org, client, first));
  await settled();
  assert.equal(open.length, 1);
  let isIn = false;
  const waits = limiter.pass(org, to, second, never).then(() => {
    isIn = true;
  });
  await settled();
  assert.equal(isIn, false);
  limiter.letGo(first.step);
  await waits;
  limiter.letGo(second.step);
  await limiter.pass(org, to, { step: {}, connection: "Books" }, never);
});

test("a step that ended while it waited gives its place back at once", async () => {
  const limiter = createHostLimiter();
  limiter.set([{ orgId: org, host: "db.example", ...none, concurrency: 1 }]);
  const to = { host: "DB.example", port: 5432 };
  const [first, lost, third] = [{}, {}, {}].map((step) => ({ step, connection: undefined }));
  await limiter.pass(org, to, first as never, never);
  const waiting = limiter.pass(org, to, lost as never, never);
  limiter.letGo((lost as { step: object }).step);
  limiter.letGo((first as { step: object }).step);
  await waiting;
  await limiter.pass(org, to, third as never, never);
});
