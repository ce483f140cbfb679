// Starts an execution for new entries of a feed.
import { isObject, type JsonObject } from "@auraos/kernel";
import { defineNode, type ListenContext } from "../../defineNode.ts";
import { readConfig } from "../../readConfig.ts";
import { fetchFeed } from "../../rss/fetchFeed.ts";
import { z } from "../../schema.ts";
import { everySeconds, fromField, inOrder } from "../fields.ts";
import { noTemplates } from "../plainFields.ts";

const SEEN_MAX = 2_000;

const schema = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, "must begin with http:// or https://.")
    .describe("Address of the feed."),
  everySeconds: everySeconds(900, 1),
  from: fromField,
  inOrder,
});

export const rssTrigger = defineNode({
  type: "trigger.rss",
  version: 1,
  name: "Feed",
  description:
    "Starts the workflow for each new entry of an RSS or Atom feed. Gives id, title, link, published, author, summary and content.",
  icon: "rss",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema,
  example: { url: "https://example.com/news.xml", everySeconds: 900 },
  checkConfig: (config) => noTemplates(config),
  listen,
});

async function listen(given: JsonObject, context: ListenContext): Promise<void> {
  const { url, from, everySeconds: every } = readConfig(schema, given);
  let seen = isObject(context.cursor) ? (context.cursor.seen as string[]) : undefined;
  do {
    const feed = await fetchFeed(url, context, context.nowMs());
    const entries = feed.entries.map((entry) => ({ id: idOf(entry), entry }));
    const isFirst = seen === undefined;
    const known = new Set(seen);
    const fresh = isFirst && from === "new" ? [] : entries.filter(({ id }) => !known.has(id));
    const about = { title: feed.title, link: feed.link };
    const next = [...new Set([...entries.map(({ id }) => id), ...known])].slice(0, SEEN_MAX);
    // The oldest first: feeds begin with the newest.
    const messages = fresh
      .toReversed()
      .map(({ id, entry }) => ({ id, data: { ...entry, feed: about } as JsonObject }));
    if (isFirst || messages.length > 0) await context.take(messages, { seen: next });
    await context.listening();
    seen = next;
  } while (await context.pause(every * 1000));
}

function idOf(entry: { id?: unknown; link?: unknown; title?: unknown }): string {
  return String(entry.id || entry.link || entry.title || "").slice(0, 250);
}
