import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createRawServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { ActivityError, type HttpRequest } from "@auraos/nodes/defineNode.ts";
import type { Resolve } from "./guardedConnector.ts";
import { createHttpClient, type HttpClientOptions } from "./httpClient.ts";

const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function serve(
  listener: RequestListener,
): Promise<{ url: string; port: number; count: () => number; closeConnections: () => void }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert(address && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    count: () => requests,
    closeConnections: () => server.closeAllConnections(),
  };
}

async function serveRaw(onSocket: (socket: Socket) => void): Promise<{ url: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert(address && typeof address === "object");
  return { url: `http://127.0.0.1:${address.port}`, port: address.port };
}

function client(options: Partial<HttpClientOptions> = {}) {
  const made = createHttpClient({ allow: ["127.0.0.1", "::1"], ...options });
  closers.push(() => made.close());
  return made;
}

const never = new AbortController().signal;
const open = client();
/** The same client, its bodies taken as streams: what holds for the ones holds for the others. */
const streaming: typeof open = {
  ...open,
  async request(request, signal) {
    const response = await open.request({ ...request, streams: () => true }, signal);
    return { ...response, body: await buffer(response.stream ?? assert.fail("no stream")) };
  },
};
const text = (body: Uint8Array) => Buffer.from(body).toString();

async function failureOf(
  http: ReturnType<typeof client>,
  request: Partial<HttpRequest> & { url: string },
  signal = never,
) {
  try {
    const response = await http.request({ method: "GET", ...request }, signal);
    assert.fail(`no failure, but ${response.status}`);
  } catch (error) {
    assert(error instanceof ActivityError, String(error));
    return error.failure;
  }
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }),
    );
  });
}

test("sends method, headers and body, and gives status, headers, body and URL", async () => {
  const server = await serve((request, response) => {
    response.statusCode = 418;
    response.setHeader("set-cookie", ["a=1, 2", "b=2"]);
    response.setHeader("x-twice", ["1", "2"]);
    echo(request, response);
  });
  const response = await open.request(
    {
      method: "post",
      url: `${server.url}/a?b=c`,
      headers: { "X-Mine": "1", Connection: "close", "Content-Length": "1" },
      body: "hällo",
    },
    never,
  );
  assert.equal(response.status, 418);
  assert.equal(response.headers["set-cookie"], "a=1, 2\nb=2");
  assert.equal(response.headers["x-twice"], "1, 2");
  assert.equal(response.url, `${server.url}/a?b=c`);
  const seen = JSON.parse(text(response.body));
  assert.equal(seen.method, "POST");
  assert.equal(seen.body, "hällo");
  assert.equal(seen.headers["x-mine"], "1");
  assert.equal(seen.headers["content-length"], "6");
  assert.equal(seen.headers.connection, "keep-alive");
  const bytes = await open.request({ method: "PUT", url: server.url, body: new Uint8Array([65, 66]) }, never);
  assert.equal(JSON.parse(text(bytes.body)).body, "AB");
});

test("credentials in the URL become a header and leave the URL", async () => {
  const server = await serve(echo);
  const response = await open.request(
    { method: "GET", url: `http://ann:p%40ss@127.0.0.1:${server.port}/` },
    never,
  );
  assert.equal(
    JSON.parse(text(response.body)).headers.authorization,
    `Basic ${Buffer.from("ann:p@ss").toString("base64")}`,
  );
  assert.equal(response.url, `${server.url}/`);
});

test("connections are reused", async () => {
  const ports = new Set<number | undefined>();
  const server = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("ok");
  });
  const http = client();
  for (let i = 0; i < 20; i += 1) await http.request({ method: "GET", url: server.url }, never);
  // The pool opens a second one when a request comes in the very tick in which the last response ended.
  assert(ports.size <= 2);
});

const loopbackSpellings = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "127.000.000.001",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "017700000001",
  "0x7f.1",
  "127.0.0.2",
  "127.255.255.254",
  "0.0.0.0",
  "0",
  "0x0",
  "00000",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "%31%32%37.0.0.1",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "loc%61lhost",
  "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::]",
  "[::127.0.0.1]",
  "[::7f00:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:7f00:1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
  "[fc00::1]",
  "169.254.169.254",
  "[fd00:ec2::254]",
  "10.0.0.1",
  "192.168.0.1",
  "172.16.0.1",
  "100.64.0.1",
  "168.63.129.16",
  "user:pass@127.0.0.1",
  "example.com@127.0.0.1",
  "255.255.255.255",
];

test("no spelling of a private address is reachable", async () => {
  const server = await serve((_request, response) => response.end("secret"));
  const guarded = client({ allow: [] });
  for (const spelling of loopbackSpellings) {
    const failure = await failureOf(guarded, { url: `http://${spelling}:${server.port}/` });
    assert.equal(failure.certainty, "notDone", spelling);
    // Some resolvers know no `localhost.`, which is as good.
    if (spelling.endsWith(".") && failure.code === "DNS_FAILED") continue;
    assert.equal(failure.code, "ADDRESS_REFUSED", spelling);
    assert.equal(failure.retryable, undefined, spelling);
    assert.match(failure.remedy ?? "", /AURAOS_ALLOW_HOSTS/);
  }
  assert.equal(server.count(), 0);
});

test("a Host header does not lead a connection elsewhere", async () => {
  const server = await serve((_request, response) => response.end("secret"));
  const guarded = client({ allow: [] });
  const failure = await failureOf(guarded, {
    url: `http://127.0.0.1:${server.port}/`,
    headers: { Host: "example.com" },
  });
  assert.equal(failure.code, "ADDRESS_REFUSED");
  assert.equal(server.count(), 0);
});

function resolveTo(...answers: string[][]): Resolve {
  let turn = 0;
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(turn, answers.length - 1)] ?? [];
    turn += 1;
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

test("a name that leads to a private address is refused, also when it was public before", async () => {
  const server = await serve((_request, response) => response.end("secret"));
  const direct = client({ allow: [], resolve: resolveTo(["127.0.0.1"]) });
  assert.equal(
    (await failureOf(direct, { url: `http://innocent.example:${server.port}/` })).code,
    "ADDRESS_REFUSED",
  );
  // The first answer is permitted (as a public one would be), the later ones are not.
  const rebinding = client({
    allow: [`127.0.0.1:${server.port}`],
    resolve: resolveTo(["127.0.0.1"], ["::ffff:127.0.0.2", "64:ff9b::7f00:1"], ["127.0.0.2"]),
  });
  const get = { method: "GET", url: `http://rebind.example:${server.port}/` };
  assert.equal((await rebinding.request(get, never)).status, 200);
  server.closeConnections();
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (let i = 0; i < 2; i += 1) assert.equal((await failureOf(rebinding, get)).code, "ADDRESS_REFUSED");
  assert.equal(server.count(), 1);
});

test("of several answers only permitted ones are tried", async () => {
  const server = await serve((_request, response) => response.end("ok"));
  const http = client({ allow: ["127.0.0.1"], resolve: resolveTo(["10.0.0.1", "127.0.0.1"]) });
  const response = await http.request({ method: "GET", url: `http://mixed.example:${server.port}/` }, never);
  assert.equal(text(response.body), "ok");
});

test("an allowed host and port is reachable, other ports are not", async () => {
  const server = await serve((_request, response) => response.end("ok"));
  const other = await serve((_request, response) => response.end("secret"));
  const http = client({ allow: [`localhost:${server.port}`] });
  assert.equal(
    (await http.request({ method: "GET", url: `http://localhost:${server.port}/` }, never)).status,
    200,
  );
  assert.equal((await failureOf(http, { url: `http://localhost:${other.port}/` })).code, "ADDRESS_REFUSED");
  assert.equal((await failureOf(http, { url: `http://127.0.0.1:${server.port}/` })).code, "ADDRESS_REFUSED");
  assert.equal(other.count(), 0);
});

test("a redirect to a private address is refused", async () => {
  const secret = await serve((_request, response) => response.end("secret"));
  const http = client({ allow: ["localhost"], resolve: resolveTo(["127.0.0.1"]) });
  for (const target of [
    `http://127.0.0.1:${secret.port}/`,
    `//127.1:${secret.port}/`,
    "http://169.254.169.254/latest/meta-data/",
  ]) {
    const server = await serve((_request, response) => response.writeHead(302, { location: target }).end());
    const failure = await failureOf(http, { url: `http://localhost:${server.port}/` });
    assert.equal(failure.code, "ADDRESS_REFUSED", target);
    assert.equal(failure.certainty, "unknown");
  }
  assert.equal(secret.count(), 0);
});

test("a redirect to another protocol is refused", async () => {
  for (const target of [
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1/",
    "data:text/plain,x",
  ]) {
    const server = await serve((_request, response) => response.writeHead(302, { location: target }).end());
    assert.equal((await failureOf(open, { url: server.url })).code, "PROTOCOL_REFUSED");
    assert.equal((await failureOf(open, { url: target })).code, "PROTOCOL_REFUSED");
  }
  assert.equal((await failureOf(open, { url: "http://" })).code, "INVALID_URL");
  assert.equal((await failureOf(open, { url: "/relative" })).code, "INVALID_URL");
});

test("redirects keep or change the method as browsers do", async () => {
  const server = await serve((request, response) => {
    const status = Number(request.url?.slice(1));
    if (status > 0) response.writeHead(status, { location: "/" }).end("moved");
    else echo(request, response);
  });
  for (const [status, method, expected] of [
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "PUT", "GET"],
    [307, "POST", "POST"],
    [308, "POST", "POST"],
    [302, "DELETE", "DELETE"],
  ] as const) {
    const response = await open.request(
      { method, url: `${server.url}/${status}`, headers: { "content-type": "text/plain" }, body: "b" },
      never,
    );
    const seen = JSON.parse(text(response.body));
    assert.equal(seen.method, expected, `${method} ${status}`);
    assert.equal(seen.body, expected === "GET" ? "" : "b");
    assert.equal(seen.headers["content-type"], expected === "GET" ? undefined : "text/plain");
    assert.equal(response.url, `${server.url}/`);
  }
});

test("credentials stay with their origin on redirects", async () => {
  const elsewhere = await serve(echo);
  const server = await serve((request, response) => {
    if (request.url === "/here") echo(request, response);
    else response.writeHead(307, { location: request.url === "/away" ? elsewhere.url : "/here" }).end();
  });
  const headers = {
    Authorization: "Bearer x",
    Cookie: "a=1",
    "X-API-Key": "k",
    "X-Auth-Token": "t",
    "X-Trace": "keep",
    Accept: "a/b",
  };
  const away = await open.request({ method: "GET", url: `${server.url}/away`, headers }, never);
  const seen = JSON.parse(text(away.body)).headers;
  assert.deepEqual(
    [seen.authorization, seen.cookie, seen["x-api-key"], seen["x-auth-token"]],
    [undefined, undefined, undefined, undefined],
  );
  assert.deepEqual([seen["x-trace"], seen.accept], ["keep", "a/b"]);
  const here = await open.request({ method: "GET", url: `${server.url}/`, headers }, never);
  assert.equal(JSON.parse(text(here.body)).headers.authorization, "Bearer x");
  const inUrl = await open.request({ method: "GET", url: `http://u:p@127.0.0.1:${server.port}/away` }, never);
  assert.equal(JSON.parse(text(inUrl.body)).headers.authorization, undefined);
});

test("redirects are counted", async () => {
  const server = await serve((_request, response) => response.writeHead(302, { location: "/again" }).end());
  const failure = await failureOf(open, { url: server.url });
  assert.equal(failure.code, "TOO_MANY_REDIRECTS");
  assert.equal(server.count(), 6);
  const kept = await open.request({ method: "GET", url: server.url, redirectsMax: 0 }, never);
  assert.deepEqual([kept.status, kept.headers.location], [302, "/again"]);
});

test("responses are capped, announced or not", async () => {
  const server = await serve((request, response) => {
    if (request.url === "/announced") response.setHeader("content-length", 2000);
    response.write(Buffer.alloc(1000));
    response.end(Buffer.alloc(1000));
  });
  for (const path of ["/announced", "/chunked"]) {
    for (const http of [open, streaming]) {
      const url = server.url + path;
      const failure = await failureOf(http, { url, responseBytesMax: 1999 });
      assert.deepEqual([failure.code, failure.class, failure.certainty], ["TOO_LARGE", "limit", "unknown"]);
      const { body } = await http.request({ method: "GET", url, responseBytesMax: 2000 }, never);
      assert.equal(body.length, 2000);
    }
  }
});

test("compressed responses are inflated, within the cap", async () => {
  const plain = "hello ".repeat(1000);
  const encodings: Record<string, Buffer> = {
    gzip: gzipSync(plain),
    br: brotliCompressSync(plain),
    deflate: deflateSync(plain),
    "deflate, gzip": gzipSync(deflateRawSync(plain)),
  };
  const bombs: Record<string, Buffer> = {
    gzip: gzipSync(Buffer.alloc(30_000_000)),
    br: brotliCompressSync(Buffer.alloc(30_000_000)),
  };
  const server = await serve((request, response) => {
    const [, kind = "", encoding = ""] = decodeURIComponent(request.url ?? "").split("/");
    response.setHeader("content-encoding", encoding);
    if (kind === "plain") response.end(encodings[encoding]);
    else if (kind === "bomb") response.end(bombs[encoding]);
    else if (kind === "empty") response.writeHead(304).end();
    else if (kind === "nothing") response.end();
    else response.end("this is not compressed at all");
  });
  for (const http of [open, streaming]) {
    const get = (path: string) => http.request({ method: "GET", url: `${server.url}/${path}` }, never);
    for (const encoding of Object.keys(encodings)) {
      const response = await get(`plain/${encoding}`);
      assert.equal(text(response.body), plain, encoding);
      assert.equal(response.headers["content-encoding"], undefined);
    }
    for (const encoding of Object.keys(bombs)) {
      const url = `${server.url}/bomb/${encoding}`;
      const failure = await failureOf(http, { url, responseBytesMax: 1_000_000 });
      assert.equal(failure.code, "TOO_LARGE", encoding);
    }
    for (const encoding of ["gzip", "br", "deflate"])
      assert.equal(
        (await failureOf(http, { url: `${server.url}/broken/${encoding}` })).code,
        "BODY_UNREADABLE",
      );
    const many = await failureOf(http, { url: `${server.url}/broken/gzip,gzip,gzip,gzip` });
    assert.equal(many.code, "TOO_LARGE");
    assert.equal((await get("empty/gzip")).status, 304);
    assert.equal((await get("nothing/gzip")).body.length, 0);
    assert.equal((await get("unknown/exotic")).headers["content-encoding"], "exotic");
  }
});

test("headers are capped", async () => {
  const server = await serve((_request, response) =>
    response.writeHead(200, { big: "x".repeat(70_000) }).end(),
  );
  assert.equal((await failureOf(open, { url: server.url })).code, "HEADERS_TOO_LARGE");
});

test("slow headers, slow bodies and slow redirects run into the total time", async () => {
  const dripping = await serve((_request, response) => {
    const timer = setInterval(() => response.write("x"), 10);
    response.on("close", () => clearInterval(timer));
  });
  const silent = await serve(() => {});
  const circling = await serve((_request, response) =>
    setTimeout(() => response.writeHead(302, { location: "/" }).end(), 200),
  );
  for (const http of [open, streaming])
    for (const server of [dripping, silent, circling]) {
      const failure = await failureOf(http, { url: server.url, timeoutMs: 600 });
      assert.deepEqual(
        [failure.code, failure.class, failure.retryable, failure.certainty],
        ["TIMEOUT", "timeout", true, "unknown"],
      );
    }
});

test("a connection that never opens has its own limit, and certainly did nothing", async () => {
  const stuck: Resolve = () => {};
  const http = client({ resolve: stuck, connectTimeoutMs: 200 });
  const failure = await failureOf(http, { url: "http://stuck.example/" });
  assert.deepEqual(
    [failure.code, failure.class, failure.retryable, failure.certainty],
    ["CONNECT_TIMEOUT", "timeout", true, "notDone"],
  );
  const sooner = await failureOf(client({ resolve: stuck, connectTimeoutMs: 60_000 }), {
    url: "http://stuck.example/",
    timeoutMs: 50,
  });
  assert.deepEqual([sooner.code, sooner.certainty], ["TIMEOUT", "notDone"]);
});

test("what the network does has its own codes", async () => {
  const resetting = await serveRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const closing = await serveRaw((socket) => socket.once("data", () => socket.end()));
  const truncating = await serveRaw((socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort")),
  );
  const babbling = await serveRaw((socket) =>
    socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n")),
  );
  const gone = await serveRaw(() => {});
  await closers.pop()?.();
  const cases: [string, string, string][] = [
    [resetting.url, "CONNECTION_RESET", "unknown"],
    [closing.url, "CONNECTION_RESET", "unknown"],
    [truncating.url, "BODY_TRUNCATED", "unknown"],
    [babbling.url, "INVALID_RESPONSE", "unknown"],
    [gone.url, "CONNECTION_REFUSED", "notDone"],
    [resetting.url.replace("http:", "https:"), "CONNECTION_RESET", "notDone"],
    [babbling.url.replace("http:", "https:"), "TLS_FAILED", "notDone"],
  ];
  for (const [url, code, certainty] of cases) {
    const failure = await failureOf(open, { url, method: "POST", body: "x" });
    assert.deepEqual([failure.code, failure.certainty], [code, certainty], url);
  }
  const unknown = await failureOf(
    client({
      resolve: (_h, _o, callback) => callback(Object.assign(new Error("x"), { code: "ENOTFOUND" }), []),
    }),
    {
      url: "http://nowhere.example/",
    },
  );
  assert.deepEqual([unknown.code, unknown.retryable, unknown.certainty], ["DNS_FAILED", true, "notDone"]);
});

test("a request that HTTP does not allow is refused before it is sent", async () => {
  const server = await serve(echo);
  for (const request of [
    { headers: { "x-a": "1\r\nx-b: 2" } },
    { headers: { "bad name": "1" } },
    { method: "GE T" },
    { method: "CONNECT" },
  ]) {
    const failure = await failureOf(open, { url: server.url, ...request });
    assert.deepEqual([failure.code, failure.certainty], ["INVALID_REQUEST", "notDone"]);
  }
  assert.equal(server.count(), 0);
});

test("abort ends a request at once, whatever it waits for", async () => {
  let arrived = (): void => {};
  const silent = await serve(() => arrived());
  for (const reason of [undefined, new DOMException("late", "TimeoutError")]) {
    const controller = new AbortController();
    arrived = () => controller.abort(reason);
    const failure = await failureOf(open, { url: silent.url }, controller.signal);
    assert.equal(failure.code, reason ? "TIMEOUT" : "ABORTED");
    assert.equal(failure.class, reason ? "timeout" : "cancelled");
    assert.equal(failure.certainty, "unknown");
  }
  const before = await failureOf(open, { url: silent.url }, AbortSignal.abort());
  assert.deepEqual([before.code, before.certainty], ["ABORTED", "notDone"]);
});

test("requests beyond the connections of an origin wait for a free one", async () => {
  let current = 0;
  let most = 0;
  const server = await serve((_request, response) => {
    current += 1;
    most = Math.max(most, current);
    setTimeout(() => {
      current -= 1;
      response.end("ok");
    }, 20);
  });
  const http = client({ connectionsPerOrigin: 3 });
  const all = await Promise.all(
    Array.from({ length: 12 }, () => http.request({ method: "GET", url: server.url }, never)),
  );
  assert.equal(all.length, 12);
  assert.equal(most, 3);
});

test("nothing is left behind on a long-lived signal", async () => {
  const server = await serve((_request, response) => response.end("ok"));
  const controller = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = controller.signal;
  controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(controller.signal, args);
  };
  controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(controller.signal, args);
  };
  for (let i = 0; i < 5; i += 1) await open.request({ method: "GET", url: server.url }, controller.signal);
  assert.equal(listeners, 0);
});
