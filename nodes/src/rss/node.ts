// Reads a feed: RSS or Atom, all in one form.
import type { Outputs } from "@auraos/kernel";
import { momentOf } from "../date/steps.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";
import { fetchFeed } from "./fetchFeed.ts";

const schema = z.strictObject({
  url: z.string().min(1).describe("Address of the feed."),
  since: z
    .union([z.string(), z.number()])
    .optional()
    .describe("Only entries published after this (ISO 8601). Entries without a date are always given."),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe("At most this many entries, the newest first as the feed has them."),
  content: z.boolean().default(true).describe("Give the whole content (HTML) beside the summary."),
});

export const rssNode = defineNode({
  type: "rss",
  version: 1,
  name: "Read feed",
  description:
    "Reads an RSS or Atom feed and gives one item per entry: id, title, link, published, author, summary, content.",
  icon: "rss",
  category: "action",
  effect: "read",
  per: "item",
  ports: ["main"],
  timeoutMs: 60_000,
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "HTTP_<status>"], "outbound"),
  schema,
  example: { url: "https://example.com/news.xml", since: "{{ $now.minus({ days: 1 }).toISO() }}", limit: 20 },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const { url, since, limit, content } = readConfig(schema, call.config);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw wrongParameter("url", "must be an address with http:// or https://.");
  const after = since === undefined ? undefined : momentOf(since, call.zone, "since");
  const feed = await fetchFeed(url, context, call.nowMs);
  const fresh = feed.entries.filter(
    ({ published }) => after === undefined || published === null || Date.parse(published) > after,
  );
  const about = { title: feed.title, link: feed.link };
  const items = fresh.slice(0, limit ?? fresh.length).map(({ content: whole = null, ...entry }) => ({
    json: { ...entry, ...(content ? { content: whole } : {}), feed: about },
  }));
  return { main: { items } };
}
