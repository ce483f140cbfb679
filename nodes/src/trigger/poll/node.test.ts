import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, it } from "node:test";
import { listenTo } from "../testing.ts";
import { pollTrigger } from "./node.ts";

let answer: unknown = { orders: [{ id: 1 }] };
let etag: string | undefined;
let notModified = 0;
const server = createServer((request, response) => {
  if (etag !== undefined && request.headers["if-none-match"] === etag) {
    notModified += 1;
    response.writeHead(304).end();
    return;
  }
  response
    .writeHead(200, { "content-type": "application/json", ...(etag === undefined ? {} : { etag }) })
    .end(JSON.stringify(answer));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

it("takes new elements of a list, known by their id", async () => {
  const listening = listenTo(pollTrigger, { url, watch: "items", at: "orders" });
  await listening.until(() => listening.cursor() !== undefined);
  answer = {
    orders: [
      { id: 2, total: 5 },
      { id: 1, changed: true },
    ],
  };
  await listening.until(() => listening.messages.length === 1);
  assert.deepEqual(listening.messages[0], { id: "item/2", data: { id: 2, total: 5 } });
  await listening.stop();
  const wrong = listenTo(pollTrigger, { url, watch: "items", at: "nothing" });
  await assert.rejects(
    wrong.until(() => false),
    /no list/,
  );
});

it("takes a changed answer, also when it changes back, and asks with the mark of the last one", async () => {
  answer = { n: 1 };
  const listening = listenTo(pollTrigger, { url, at: "n" });
  await listening.until(() => listening.cursor() !== undefined);
  for (const [index, n] of [2, 1, 2].entries()) {
    answer = { n };
    await listening.until(() => listening.messages.length === index + 1);
    assert.equal(listening.messages[index]?.data.body, n);
  }
  etag = '"abc"';
  await listening.until(() => notModified > 1);
  assert.equal(listening.messages.length, 3);
  await listening.stop();
});
