// Bodies as streams: one who reads slowly holds the sender back, one who stops lets the connection go, and what ends the
// call ends the reading.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import { after, test } from "node:test";
import { ActivityError, type HttpRequest, type HttpStream } from "@auraos/nodes/defineNode.ts";
import { until } from "../testing/runningServer.ts";
import { createBodyStream } from "./bodyStream.ts";
import { createHttpClient } from "./httpClient.ts";

const piece = Buffer.alloc(65_536, "x");
let sent = 0;
let isClosed = false;

/** `/endless` never stops by itself and goes on only when there is room; `/broken` says more than it sends. */
const server = createServer((request, response) => {
  sent = 0;
  isClosed = false;
  response.on("close", () => {
    isClosed = true;
  });
  if (request.url === "/endless") return void pipeline(Readable.from(endless()), response, () => {});
  if (request.url === "/pages")
    return void response.setHeader("content-type", "text/html").end("<p>hello</p>");
  response.writeHead(200, { "content-length": "1000" });
  response.write("some of it", () => response.destroy());
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const http = createHttpClient({ allow: ["127.0.0.1"] });
after(async () => {
  await http.close();
  server.closeAllConnections();
  server.close();
});

function* endless(): Generator<Buffer> {
  for (;;) {
    sent += piece.length;
    yield piece;
  }
}

const never = new AbortController().signal;
async function open(path: string, more: Partial<HttpRequest> = {}, signal = never): Promise<HttpStream> {
  const request = { method: "GET", url: base + path, responseBytesMax: 10_000_000_000, streams: () => true };
  const { stream } = await http.request({ ...request, ...more }, signal);
  return stream ?? assert.fail("it did not come as a stream");
}

async function failureOf(reading: Promise<unknown>) {
  const error = await reading.then(
    () => assert.fail("no failure"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ActivityError, String(error));
  return error.failure;
}

async function readAll(stream: HttpStream): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  return bytes;
}

test("the one who asks sees status and headers, and chooses", async () => {
  const streams = ({ status, headers }: { status: number; headers: Record<string, string> }) =>
    status !== 200 || headers["content-type"] !== "text/html";
  const response = await http.request({ method: "GET", url: `${base}/pages`, streams }, never);
  assert.equal(response.stream, undefined);
  assert.equal(Buffer.from(response.body).toString(), "<p>hello</p>");
});

test("what is not read yet waits in the network, and who has had enough lets go", async () => {
  const stream = await open("/endless");
  let read = 0;
  for await (const chunk of stream) {
    read += chunk.length;
    if (read > 40_000_000) break;
  }
  assert.ok(sent - read < 30_000_000, `${sent - read} bytes are on the way`);
  await stream.ended;
  await until(async () => isClosed);
});

test("the time limit and the signal hold until everything is read", async () => {
  const late = await failureOf(readAll(await open("/endless", { timeoutMs: 300 })));
  assert.deepEqual([late.code, late.retryable, late.certainty], ["TIMEOUT", true, "unknown"]);
  await until(async () => isClosed);
  const controller = new AbortController();
  const reading = readAll(await open("/endless", {}, controller.signal));
  controller.abort();
  assert.equal((await failureOf(reading)).code, "ABORTED");
  await until(async () => isClosed);
});

test("nobody reads: the time limit still ends it", async () => {
  const stream = await open("/endless", { timeoutMs: 300 });
  await stream.ended;
  await until(async () => isClosed);
  assert.equal((await failureOf(readAll(stream))).code, "TIMEOUT");
});

test("a body that ends too early is no body", async () => {
  const failure = await failureOf(open("/broken").then(readAll));
  assert.match(failure.code, /^(BODY_TRUNCATED|CONNECTION_RESET)$/);
  assert.equal(failure.certainty, "unknown");
});

test("the source is paused while more than a megabyte waits, and goes on when half of it is read", async () => {
  const said: string[] = [];
  const stream = createBodyStream({
    pause: () => said.push("pause"),
    resume: () => said.push("resume"),
    abandon: () => said.push("abandon"),
  });
  for (let count = 0; count < 20; count += 1) stream.push(piece);
  assert.deepEqual(said, ["pause"]);
  const reader = stream[Symbol.asyncIterator]();
  for (let count = 0; count < 20; count += 1) await reader.next();
  assert.deepEqual(said, ["pause", "resume"]);
  stream.end();
  assert.equal((await reader.next()).done, true);
  assert.deepEqual(said, ["pause", "resume"]);
});
