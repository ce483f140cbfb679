import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import type { HttpRequest, HttpResponse } from "../defineNode.ts";
import { failureOf, jsonOf, runNode, testContext } from "../testing.ts";
import { readRetryAfter } from "./failure.ts";
import { httpNode } from "./node.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
let handle: Handler = () => {};
let base = "";
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  handle(request, response, Buffer.concat(chunks));
});
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_, response) => {
    const isText = typeof body === "string";
    response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json", ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
}

/** An address where nobody listens (any more). */
async function closedAddress(): Promise<string> {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const address = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
}

const call = (config: JsonObject, items: Json[] = [{}]) =>
  runNode(httpNode, { config: { url: `${base}/things`, ...config }, items });
const main = async (config: JsonObject) => jsonOf(await call(config)).main;

describe("effects", () => {
  const effectOf = httpNode.effectOf ?? (() => "pure");
  it("follow the method, the key and the override", () => {
    assert.deepEqual(
      [
        {},
        { method: "HEAD" },
        { method: "PUT" },
        { method: "DELETE" },
        { method: "POST" },
        { method: "PATCH" },
      ].map(effectOf),
      ["read", "read", "idempotent", "idempotent", "once", "once"],
    );
    assert.equal(effectOf({ method: "POST", idempotencyHeader: "Idempotency-Key" }), "idempotent");
    assert.equal(effectOf({ method: "POST", effect: "read" }), "read");
    assert.equal(effectOf({ method: "{{ $json.method }}" }), "once");
  });

  it("forbid paging over calls that change something", () => {
    const paging = { type: "page" };
    assert.deepEqual(httpNode.checkConfig?.({ url: "https://a.example", paging }), []);
    assert.equal(
      httpNode.checkConfig?.({ url: "https://a.example", method: "POST", paging })[0]?.code,
      "PAGING_EFFECT",
    );
  });
});

describe("requests", () => {
  const seen: { request: IncomingMessage; body: Buffer }[] = [];
  before(() => {
    handle = (request, response, body) => {
      seen.push({ request, body });
      answer(200, {})(request, response, body);
    };
  });
  const last = () => {
    const one = seen.at(-1);
    if (!one) throw new Error("nothing was sent");
    return {
      url: one.request.url,
      headers: one.request.headers,
      text: one.body.toString(),
      method: one.request.method,
    };
  };

  it("carry query, headers and the way to sign in", async () => {
    const query = { a: 1, list: ["x", "y"], nothing: null, "s p": "ä&=" };
    await call({ query, headers: { "X-One": 1 }, auth: { type: "basic", user: "ada", password: "p:w" } });
    assert.equal(last().url, "/things?a=1&list=x&list=y&s+p=%C3%A4%26%3D");
    assert.equal(last().headers["x-one"], "1");
    assert.equal(last().headers.authorization, `Basic ${Buffer.from("ada:p:w").toString("base64")}`);
    await call({ auth: { type: "bearer", token: "t" } });
    assert.equal(last().headers.authorization, "Bearer t");
    await call({ auth: { type: "header", name: "X-Key", value: "k" } });
    assert.equal(last().headers["x-key"], "k");
  });

  it("carry the idempotency key under the service's name for it", async () => {
    await call({ method: "POST", body: { a: 1 }, idempotencyHeader: "Idempotency-Key" });
    assert.equal(last().headers["idempotency-key"], "key-1");
  });

  it("carry json, form and text bodies", async () => {
    await call({ method: "POST", body: { a: [1, null] } });
    assert.equal(last().text, '{"a":[1,null]}');
    assert.equal(last().headers["content-type"], "application/json");
    await call({ method: "POST", body: '{"written": "already"}' });
    assert.equal(last().text, '{"written": "already"}');
    await call({ method: "POST", bodyType: "form", body: { a: "1 2", b: ["x", "y"], c: null } });
    assert.equal(last().text, "a=1+2&b=x&b=y");
    await call({
      method: "PUT",
      bodyType: "text",
      body: "plain",
      headers: { "Content-Type": "text/markdown" },
    });
    assert.equal(last().text, "plain");
    assert.equal(last().headers["content-type"], "text/markdown");
  });

  it("carry files, alone and in a form", async () => {
    const context = testContext();
    const data = await context.blobs.put(Buffer.from("a,b\n"), {
      name: 'my "file".csv',
      mimeType: "text/csv",
    });
    const items = [{ json: {}, files: { data } }];
    const config = { url: `${base}/things`, method: "POST" };
    await runNode(httpNode, { config: { ...config, bodyType: "file" }, items }, context);
    assert.equal(last().text, "a,b\n");
    assert.equal(last().headers["content-type"], "text/csv");
    const body = { note: "hi", upload: { file: "data" }, made: { content: "x", name: "x.md" } };
    await runNode(httpNode, { config: { ...config, bodyType: "multipart", body }, items }, context);
    const form = await new Response(last().text, {
      headers: { "content-type": String(last().headers["content-type"]) },
    }).formData();
    assert.equal(form.get("note"), "hi");
    const upload = form.get("upload");
    assert.ok(upload instanceof File);
    assert.equal(await upload.text(), "a,b\n");
    const made = form.get("made");
    assert.ok(made instanceof File);
    assert.deepEqual([made.name, made.type, await made.text()], ["x.md", "text/markdown", "x"]);
  });

  it("read text in the characters that the service names", async () => {
    const say =
      (charset: string): Handler =>
      (_, response) =>
        void response
          .writeHead(200, { "content-type": `text/plain; charset=${charset}` })
          .end(Buffer.from("Zoë", "latin1"));
    const read = async () => jsonOf(await runNode(httpNode, { config: { url: base } })).main;
    handle = say("ISO-8859-1");
    assert.deepEqual(await read(), [{ text: "Zoë" }]);
    handle = say("no-such-thing");
    assert.deepEqual(await read(), [{ text: "Zo\ufffd" }]);
  });

  it("say how much may come back", async () => {
    const asked: (number | undefined)[] = [];
    const client = {
      async request(request: HttpRequest): Promise<HttpResponse> {
        asked.push(request.responseBytesMax);
        return { status: 200, headers: {}, body: new Uint8Array(), url: request.url };
      },
    };
    for (const more of [{}, { responseBytesMax: 200_000_000 }])
      await runNode(httpNode, { config: { url: "https://a.example", ...more } }, { http: client });
    assert.deepEqual(asked, [undefined, 200_000_000]);
  });

  it("are refused when they cannot be meant", async () => {
    const wrong: [JsonObject, string][] = [
      [{ url: "ftp://a.example" }, "url"],
      [{ url: "things" }, "url"],
      [{ headers: { "x-a": "1\r\nx-b: 2" } }, "headers.x-a"],
      [{ method: "POST", body: "not json" }, "body"],
      [{ method: "POST", bodyType: "form", body: [1] }, "body"],
      [{ method: "FETCH" }, "method"],
    ];
    for (const [config, field] of wrong) {
      const failure = await failureOf(() => call(config));
      assert.deepEqual([failure.code, failure.field, failure.certainty], ["PARAM_INVALID", field, "notDone"]);
    }
  });
});

describe("replies", () => {
  it("become items: an object one, a list one per element", async () => {
    handle = answer(200, { a: 1 });
    assert.deepEqual(await main({}), [{ a: 1 }]);
    handle = answer(200, [{ a: 1 }, 2]);
    assert.deepEqual(await main({}), [{ a: 1 }, 2]);
    assert.deepEqual(await main({ split: false }), [[{ a: 1 }, 2]]);
    handle = answer(200, { data: { rows: [{ a: 1 }] }, page: 1 });
    assert.deepEqual(await main({ itemsField: "data.rows" }), [{ a: 1 }]);
    handle = answer(204, "");
    assert.deepEqual(await main({}), [{}]);
  });

  it("are text or a file when they are not JSON", async () => {
    handle = answer(200, "hello");
    assert.deepEqual(await main({}), [{ text: "hello" }]);
    handle = answer(200, "%PDF", {
      "content-type": "application/pdf",
      "content-disposition": 'attachment; filename="../a.pdf"',
    });
    const { main: output } = await call({});
    assert.deepEqual(output?.items, [
      {
        json: { name: ".._a.pdf", mimeType: "application/pdf", bytes: 4 },
        files: { data: { blob: "blob-1", name: ".._a.pdf", mimeType: "application/pdf", bytes: 4 } },
      },
    ]);
  });

  it("come whole when asked, failures too", async () => {
    handle = answer(404, { error: "gone" }, { "x-a": "1" });
    const [whole] = (await main({ full: true, failOnStatus: false })) ?? [];
    const { status, headers, body } = whole as { status: number; headers: JsonObject; body: Json };
    assert.deepEqual([status, headers["x-a"], body], [404, "1", { error: "gone" }]);
  });

  it("that are not JSON although they should be are a data failure of unknown certainty", async () => {
    handle = answer(200, '{"a": 1', { "content-type": "application/json" });
    const failure = await failureOf(() => call({}));
    assert.deepEqual([failure.code, failure.class, failure.certainty], ["DATA_MALFORMED", "data", "unknown"]);
    assert.deepEqual(failure.detail, { status: 200, body: '{"a": 1' });
  });
});

describe("failures", () => {
  const rows: [number, Record<string, string>, string, boolean, string, number | undefined][] = [
    [400, {}, "client", false, "notDone", undefined],
    [401, {}, "auth", false, "notDone", undefined],
    [402, {}, "client", false, "notDone", undefined],
    [403, {}, "auth", false, "notDone", undefined],
    [408, {}, "server", true, "unknown", undefined],
    [409, {}, "client", false, "notDone", undefined],
    [429, { "retry-after": "3" }, "rateLimited", true, "notDone", 3000],
    [429, { "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" }, "rateLimited", true, "notDone", 7000],
    [500, { "retry-after": "3" }, "server", true, "unknown", undefined],
    [503, { "retry-after": "2" }, "server", true, "unknown", 2000],
  ];
  for (const [status, headers, errorClass, retryable, certainty, retryAfterMs] of rows) {
    it(`${status} ${JSON.stringify(headers)} is ${errorClass}`, async () => {
      handle = answer(status, { why: "x".repeat(2000) }, headers);
      const failure = await failureOf(() => call({}));
      assert.equal(failure.code, `HTTP_${status}`);
      assert.deepEqual(
        [failure.class, failure.retryable, failure.certainty],
        [errorClass, retryable, certainty],
      );
      assert.equal(failure.retryAfterMs, retryAfterMs);
      const { body } = failure.detail as { body: string };
      assert.ok(body.length < 520, "the excerpt is bounded");
    });
  }

  it("of the connection say whether the call can have arrived", async () => {
    const url = await closedAddress();
    const refused = await failureOf(() => call({ url }));
    assert.deepEqual([refused.class, refused.certainty, refused.retryable], ["network", "notDone", true]);
    handle = (request) => request.socket.destroy();
    const lost = await failureOf(() => call({}));
    assert.deepEqual([lost.class, lost.certainty], ["network", "unknown"]);
    handle = () => {};
    const late = await failureOf(() => call({ timeoutSeconds: 0.5 }));
    assert.deepEqual([late.code, late.class, late.certainty], ["TIMEOUT", "timeout", "unknown"]);
  });

  it("read Retry-After as seconds or date and nothing else", () => {
    assert.equal(readRetryAfter("soon", 0), undefined);
    assert.equal(readRetryAfter("0", 0), 0);
    assert.equal(readRetryAfter("Thu, 01 Jan 1970 00:00:01 GMT", 5000), 0);
  });
});

describe("paging", () => {
  const all = Array.from({ length: 7 }, (_, n) => ({ n }));
  const place = (request: IncomingMessage) => new URL(request.url ?? "", base).searchParams;

  it("counts pages until one is empty, or as many as the reply tells", async () => {
    const asked: (string | null)[] = [];
    handle = (request, response, body) => {
      const page = Number(place(request).get("p"));
      asked.push(place(request).get("p"));
      answer(200, { rows: all.slice((page - 1) * 3, page * 3), pages: 3 })(request, response, body);
    };
    const paging = { type: "page", parameter: "p" };
    assert.deepEqual(await main({ itemsField: "rows", paging }), all);
    assert.deepEqual(asked, ["1", "2", "3", "4"]);
    asked.length = 0;
    assert.deepEqual(await main({ itemsField: "rows", paging: { ...paging, pagesField: "pages" } }), all);
    assert.deepEqual(asked, ["1", "2", "3"]);
  });

  it("goes by offset, cursor and link", async () => {
    handle = (request, response, body) => {
      const at = Number(place(request).get("offset") ?? place(request).get("cursor") ?? 0);
      const end = at + 3;
      const next = end < all.length ? end : null;
      const link = { link: `<${base}/first>; rel="first", </things?cursor=${end}>; rel="next"` };
      const rows = all.slice(at, end);
      const reply = place(request).has("offset") ? rows : { rows, next };
      answer(200, reply, next === null ? {} : link)(request, response, body);
    };
    assert.deepEqual(await main({ paging: { type: "offset", limit: 3 } }), all);
    assert.deepEqual(
      await main({ itemsField: "rows", paging: { type: "cursor", cursorField: "next" } }),
      all,
    );
    assert.deepEqual(await main({ itemsField: "rows", paging: { type: "link" } }), all);
  });

  it("does not take half a list for the whole", async () => {
    handle = (request, response, body) =>
      answer(200, [Number(place(request).get("page"))])(request, response, body);
    const paging = { type: "page", pagesMax: 2 };
    assert.equal((await failureOf(() => call({ paging }))).code, "PAGES_BOUND");
    assert.deepEqual(await main({ paging: { ...paging, whenMore: "stop" } }), [1, 2]);
    assert.equal(
      (await failureOf(() => call({ paging: { type: "page", itemsMax: 3 } }))).message,
      "There are more than 3 items.",
    );
    assert.deepEqual(await main({ paging: { ...paging, itemsMax: 1, whenMore: "stop" } }), [1]);
    handle = answer(200, { rows: [1], next: "same" });
    const circle = { itemsField: "rows", paging: { type: "cursor", cursorField: "next" } };
    assert.match((await failureOf(() => call(circle))).message, /circle/);
    handle = answer(200, { data: [], total: 0 });
    assert.match(
      (await failureOf(() => call({ paging }))).message,
      /not a list\. The reply has: data, total\./,
    );
  });

  it("keeps secrets from a link that leads elsewhere", async () => {
    const other = createServer((request, response) => {
      assert.equal(request.headers.authorization, undefined);
      assert.equal(request.headers["x-secret"], undefined);
      response.writeHead(200, { "content-type": "application/json" }).end("[2]");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    handle = answer(200, [1], { link: `<http://127.0.0.1:${port}/>; rel="next"` });
    const config = {
      auth: { type: "bearer", token: "t" },
      headers: { "x-secret": "s" },
      paging: { type: "link" },
    };
    assert.deepEqual(await main(config), [1, 2]);
    other.closeAllConnections();
    other.close();
  });
});

describe("http: asking whether a call was carried out", () => {
  const ask = async (confirm: JsonObject, more: JsonObject = {}) => {
    const config = { method: "POST", url: `${base}/orders`, body: { n: 1 }, confirm, ...more };
    assert.ok(httpNode.confirm);
    const given = {
      config,
      items: [{ json: {} }],
      inputs: {},
      index: 0,
      attempt: 1,
      idempotencyKey: "key-1",
    };
    return httpNode.confirm({ ...given, nowMs: 0, seed: "s", zone: "UTC" }, testContext());
  };

  it("is asked by GET, with the same headers and the same key, and gives what was found", async () => {
    handle = (request, response, body) => {
      assert.deepEqual([request.method, request.url, body.length], ["GET", "/orders?key=7", 0]);
      assert.equal(request.headers.authorization, "Bearer t");
      assert.equal(request.headers["idempotency-key"], "key-1");
      answer(200, { orders: [{ id: 5 }] })(request, response, body);
    };
    const more = {
      auth: { type: "bearer", token: "t" },
      idempotencyHeader: "Idempotency-Key",
      effect: "once",
    };
    const confirm = { url: `${base}/orders`, query: { key: 7 }, foundField: "orders" };
    assert.deepEqual(await ask(confirm, more), {
      outcome: "done",
      outputs: { main: { items: [{ json: { id: 5 } }] } },
    });
  });

  it("an empty list, 404 and 410 say that it was not; anything else says nothing", async () => {
    const confirm = { url: `${base}/orders`, foundField: "orders" };
    for (const [status, body, outcome] of [
      [200, { orders: [] }, "notDone"],
      [200, { orders: null }, "notDone"],
      [404, "no", "notDone"],
      [410, "gone", "notDone"],
      [500, "down", "unknown"],
      [401, "who", "unknown"],
    ] as const) {
      handle = answer(status, body);
      assert.equal((await ask(confirm)).outcome, outcome, `${status} ${JSON.stringify(body)}`);
    }
    const nobody = await closedAddress();
    assert.equal((await failureOf(() => ask({ url: nobody }))).code, "ECONNREFUSED");
  });

  it("the engine asks only where the workflow says how", () => {
    assert.ok(typeof httpNode.confirms === "function");
    assert.equal(httpNode.confirms({ method: "POST", url: "x" }), false);
    assert.equal(httpNode.confirms({ method: "POST", url: "x", confirm: { url: "y" } }), true);
  });
});
