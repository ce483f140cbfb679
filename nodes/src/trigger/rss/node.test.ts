import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, it } from "node:test";
import { listenTo } from "../testing.ts";
import { rssTrigger } from "./node.ts";

let entries = ["one"];
const server = createServer((request, response) => {
  if (request.url !== "/feed") {
    response.writeHead(404).end();
    return;
  }
  const items = entries.map((id) => `<item><guid>${id}</guid><title>T ${id}</title></item>`).join("");
  response
    .writeHead(200, { "content-type": "application/rss+xml" })
    .end(`<rss version="2.0"><channel><title>News</title>${items}</channel></rss>`);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;

it("takes new entries, the oldest first, and not what was there", async () => {
  const listening = listenTo(rssTrigger, { url });
  await listening.until(() => listening.cursor() !== undefined);
  entries = ["three", "two", "one"];
  await listening.until(() => listening.messages.length === 2);
  assert.deepEqual(
    listening.messages.map(({ id, data }) => [id, data.title]),
    [
      ["two", "T two"],
      ["three", "T three"],
    ],
  );
  await listening.stop();
  entries = ["four"];
  const again = listenTo(rssTrigger, { url }, { cursor: listening.cursor() });
  await again.until(() => again.messages.length === 1);
  assert.equal(again.messages[0]?.id, "four");
  await again.stop();
});

it("takes everything when it is to begin at the beginning, and says when the feed is none", async () => {
  entries = ["a", "b"];
  const listening = listenTo(rssTrigger, { url, from: "beginning" });
  await listening.until(() => listening.messages.length === 2);
  await listening.stop();
  const wrong = listenTo(rssTrigger, { url: `${url}/none` });
  await assert.rejects(
    wrong.until(() => false),
    { name: "ActivityError" },
  );
});
