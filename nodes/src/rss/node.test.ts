import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { failureOf, jsonOf, runNode } from "../testing.ts";
import { rssNode } from "./node.ts";

const rss = `<?xml version="1.0" encoding="ISO-8859-1"?>
<rss version="2.0" xmlns:content="c" xmlns:dc="d"><channel><title>News &amp; more</title><link>/</link>
<item><title><![CDATA[Größe <1>]]></title><link>/a</link><guid isPermaLink="false">a-1</guid>
<pubDate>Fri, 02 Jan 2026 03:04:05 +0200</pubDate><dc:creator>Ada</dc:creator><category>x</category><category>y</category>
<description>&lt;p&gt;Short &lt;b&gt;text&lt;/b&gt;&lt;/p&gt;</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
<enclosure url="a.mp3" length="123" type="audio/mpeg"/></item>
<item><title>Old</title><guid>https://news.example/old</guid><pubDate>Thu, 1 Jan 2025 00:00:00 EST</pubDate></item>
<item><title>Undated & sloppy</title><pubDate>soon</pubDate></item>
</channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><link rel="self" href="/f"/><link href="https://a.example/"/>
<entry><id>urn:1</id><title type="html">T</title><link rel="alternate" href="e1"/><updated>2026-01-02T03:04:05Z</updated>
<author><name>Bo</name></author><summary>S</summary><content type="html">&lt;i&gt;C&lt;/i&gt;</content><category term="t" label="L"/></entry></feed>`;
const rdf = `<rdf:RDF xmlns:rdf="r" xmlns="n"><channel><title>Old style</title></channel>
<item rdf:about="https://r.example/1"><title>One</title><link>https://r.example/1</link><dc:date>2026-01-01</dc:date></item></rdf:RDF>`;

const pages: Record<string, [number, string, Buffer]> = {
  "/rss": [200, "application/rss+xml", Buffer.from(rss, "latin1")],
  "/atom": [200, "application/atom+xml; charset=utf-8", Buffer.from(atom)],
  "/rdf": [200, "text/xml", Buffer.from(rdf)],
  "/page": [200, "text/html", Buffer.from("<html><body>no feed</body></html>")],
  "/gone": [410, "text/plain", Buffer.from("gone")],
};
const server = createServer((request, response) => {
  const [status, type, body] = pages[request.url ?? ""] ?? [404, "text/plain", Buffer.from("")];
  response.writeHead(status, { "content-type": type }).end(body);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const read = async (path: string, config: JsonObject = {}) =>
  jsonOf(await runNode(rssNode, { config: { url: base + path, ...config } })).main as JsonObject[];

describe("feeds", () => {
  it("of RSS 2.0, in their own encoding", async () => {
    const [first, old, undated] = await read("/rss");
    assert.deepEqual(first, {
      id: "a-1",
      title: "Größe <1>",
      link: `${base}/a`,
      published: "2026-01-02T01:04:05.000Z",
      updated: null,
      author: "Ada",
      summary: "Short text",
      content: "<p>Long</p>",
      categories: ["x", "y"],
      enclosure: { url: `${base}/a.mp3`, mimeType: "audio/mpeg", bytes: 123 },
      feed: { title: "News & more", link: `${base}/` },
    });
    assert.deepEqual([old?.published, old?.link], ["2025-01-01T05:00:00.000Z", "https://news.example/old"]);
    assert.deepEqual([undated?.id, undated?.published], ["Undated & sloppy", null]);
  });

  it("of Atom and RSS 1.0", async () => {
    const [entry] = await read("/atom", { content: false });
    assert.deepEqual(entry, {
      id: "urn:1",
      title: "T",
      link: `${base}/e1`,
      published: "2026-01-02T03:04:05.000Z",
      updated: "2026-01-02T03:04:05.000Z",
      author: "Bo",
      summary: "S",
      categories: ["L"],
      enclosure: null,
      feed: { title: "Atom", link: "https://a.example/" },
    });
    const [one] = await read("/rdf");
    assert.deepEqual([one?.id, one?.published], ["https://r.example/1", "2026-01-01T00:00:00.000Z"]);
  });

  it("can be cut to what is new", async () => {
    assert.deepEqual(
      (await read("/rss", { since: "2025-06-01" })).map(({ id }) => id),
      ["a-1", "Undated & sloppy"],
    );
    assert.equal((await read("/rss", { limit: 1 })).length, 1);
  });
});

it("says what is no feed, and what the service says", async () => {
  assert.equal((await failureOf(() => read("/page"))).code, "DATA_MALFORMED");
  assert.equal((await failureOf(() => read("/gone"))).code, "HTTP_410");
  assert.equal(
    (await failureOf(() => runNode(rssNode, { config: { url: "file:///etc/passwd" } }))).field,
    "url",
  );
});
