// RSS 2.0, RSS 1.0 and Atom as one form. Feeds are often not well formed, so they are read leniently.
import type { JsonObject } from "@auraos/kernel";
import { type AnyNode, type Element, isTag } from "domhandler";
import { textContent } from "domutils";
import { parseDocument } from "htmlparser2";
import { parseIso, parsePattern } from "../date/formatText.ts";
import { parseHtml } from "../html/parse.ts";
import { readableText } from "../html/readable.ts";
import { malformedText } from "../malformed.ts";

export type Feed = { title: string | null; link: string | null; entries: Entry[] };
export type Entry = JsonObject & { id: string; published: string | null };

export function parseFeed(text: string, address: string): Feed {
  const page = parseDocument(text, { xmlMode: true, decodeEntities: true, recognizeCDATA: true });
  const root = elements(page.children).find(({ name }) =>
    /^(rss|rdf:RDF|feed)$/i.test(local(name) === "feed" ? "feed" : name),
  );
  if (!root)
    throw malformedText(
      `What ${address} gives is no RSS and no Atom feed.`,
      "Look for the address of the feed itself.",
    );
  const isAtom = local(root.name) === "feed";
  const channel = isAtom ? root : (child(root, "channel") ?? root);
  const entries = isAtom
    ? children(root, "entry").map((entry) => atomEntry(entry, address))
    : [...children(channel, "item"), ...(channel === root ? [] : children(root, "item"))].map((item) =>
        rssEntry(item, address),
      );
  return {
    title: plain(channel, "title"),
    link: isAtom ? atomLink(channel, address) : absolute(plain(channel, "link"), address),
    entries,
  };
}

function atomEntry(entry: Element, address: string): Entry {
  const link = atomLink(entry, address);
  const author = child(entry, "author");
  return {
    id: plain(entry, "id") ?? link ?? plain(entry, "title") ?? "",
    title: plain(entry, "title"),
    link,
    published: momentOf(plain(entry, "published") ?? plain(entry, "updated")),
    updated: momentOf(plain(entry, "updated")),
    author: author ? plain(author, "name") : null,
    summary: readable(markupOf(child(entry, "summary")) ?? markupOf(child(entry, "content"))),
    content: markupOf(child(entry, "content")),
    categories: children(entry, "category").flatMap((one) => one.attribs.label ?? one.attribs.term ?? []),
    enclosure: enclosureOf(
      children(entry, "link").find(({ attribs }) => attribs.rel === "enclosure"),
      "href",
      address,
    ),
  };
}

function rssEntry(item: Element, address: string): Entry {
  const link = absolute(plain(item, "link") ?? permaLink(item), address);
  const content = markupOf(child(item, "content:encoded"));
  const description = markupOf(child(item, "description"));
  return {
    id: plain(item, "guid") ?? item.attribs["rdf:about"] ?? link ?? plain(item, "title") ?? "",
    title: plain(item, "title"),
    link,
    published: momentOf(plain(item, "pubDate") ?? plain(item, "dc:date")),
    updated: momentOf(plain(item, "atom:updated")),
    author: plain(item, "dc:creator") ?? plain(item, "author"),
    summary: readable(description ?? content),
    content: content ?? description,
    categories: [...children(item, "category"), ...children(item, "dc:subject")]
      .map((one) => textContent(one).trim())
      .filter((one) => one !== ""),
    enclosure: enclosureOf(child(item, "enclosure"), "url", address),
  };
}

function permaLink(item: Element): string | null {
  const guid = child(item, "guid");
  return guid && guid.attribs.isPermaLink !== "false" && /^https?:/.test(textContent(guid).trim())
    ? textContent(guid).trim()
    : null;
}

function enclosureOf(
  element: Element | undefined,
  field: "url" | "href",
  address: string,
): JsonObject | null {
  const url = absolute(element?.attribs[field] ?? null, address);
  if (!element || url === null) return null;
  const length = Number(element.attribs.length);
  return {
    url,
    mimeType: element.attribs.type ?? null,
    bytes: Number.isSafeInteger(length) && length > 0 ? length : null,
  };
}

function atomLink(entry: Element, address: string): string | null {
  const links = children(entry, "link");
  const link =
    links.find(({ attribs }) => attribs.rel === undefined || attribs.rel === "alternate") ?? links[0];
  return absolute(link?.attribs.href ?? null, address);
}

function absolute(link: string | null, address: string): string | null {
  if (link === null || link === "") return null;
  return URL.canParse(link, address) ? new URL(link, address).href : link;
}

/** The markup an element holds: as text of its own (RSS, Atom html), or as elements (Atom xhtml). */
function markupOf(element: Element | undefined): string | null {
  if (!element) return null;
  const text = textContent(element).trim();
  return text === "" ? null : text;
}

/** What a reader would see of it; long pages are not worked through. */
function readable(markup: string | null): string | null {
  if (markup === null) return null;
  const text = /[<&]/.test(markup) ? readableText(parseHtml(markup.slice(0, 200_000)).children) : markup;
  return text.length > 2000 ? `${text.slice(0, 1999)}…` : text;
}

function elements(nodes: readonly AnyNode[]): Element[] {
  return nodes.filter((node): node is Element => isTag(node));
}

function children(parent: Element, name: string): Element[] {
  return elements(parent.children).filter((node) => node.name === name);
}

function child(parent: Element, name: string): Element | undefined {
  return children(parent, name)[0];
}

function plain(parent: Element, name: string): string | null {
  const element = child(parent, name);
  const text = element ? textContent(element).trim() : "";
  return text === "" ? null : text;
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

const patterns = [
  "d MMM yyyy HH:mm:ss",
  "d MMM yyyy HH:mm",
  "d MMM yy HH:mm:ss",
  "d MMMM yyyy HH:mm:ss",
  "d MMM yyyy",
];
const zones: Record<string, string> = {
  GMT: "UTC",
  UT: "UTC",
  UTC: "UTC",
  Z: "UTC",
  EST: "-05:00",
  EDT: "-04:00",
  CST: "-06:00",
  CDT: "-05:00",
  MST: "-07:00",
  MDT: "-06:00",
  PST: "-08:00",
  PDT: "-07:00",
};

/** RFC 822 with the ways it is misspelt, or ISO 8601; null for what is no date. */
function momentOf(text: string | null): string | null {
  if (text === null) return null;
  const iso = parseIso(text, "UTC");
  if (iso !== undefined) return new Date(iso).toISOString();
  const rest = text.replace(/^[A-Za-z]+,?\s+(?=\d)/, "").replace(/\s+/g, " ");
  const match = /^(.*?)(?: (?:([A-Z]{1,4})|([+-]\d{4})))?$/.exec(rest);
  const zone = match?.[2] === undefined ? (match?.[3] ?? "UTC") : zones[match[2]];
  if (!match || zone === undefined) return null;
  for (const pattern of patterns) {
    const ms = parsePattern(match[1] ?? "", pattern, zone, "en");
    if (ms !== undefined) return new Date(ms).toISOString();
  }
  return null;
}
