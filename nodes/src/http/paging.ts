// Fetches the pages of a list, one after another. A list that turns out longer than allowed is a failure unless
// asked otherwise: half a list that looks whole is worse than none.
import type { Item, Json } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, ActivityError, type HttpResponse } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { wrongData } from "../readConfig.ts";
import type { HttpConfig, Paging } from "./config.ts";
import { listOf, type Reply, readReply } from "./reply.ts";
import { buildRequest } from "./request.ts";
import { send } from "./send.ts";

/** Where a page is: other query parameters, or another address. */
type Place = { query?: Record<string, string | number>; url?: string };

export async function fetchPages(
  config: HttpConfig,
  paging: Paging,
  call: ActivityCall,
  context: ActivityContext,
): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let place: Place | undefined = firstPlace(paging);
  for (let page = 0; place; page++) {
    if (page === paging.pagesMax) {
      if (paging.whenMore === "stop") break;
      throw tooMuch(paging.pagesMax, "pages");
    }
    const request = await buildRequest(configAt(config, place), call, context);
    if (seen.has(request.url)) throw wrongData(`The service links pages in a circle, at page ${page + 1}.`);
    seen.add(request.url);
    const response = await send(request, config, call, context);
    const reply = await readReply(response, { ...config, response: "json" }, request.method, context);
    const list = reply.body === undefined ? [] : listOf(reply, config.itemsField);
    for (const json of list) items.push({ json });
    if (items.length > paging.itemsMax) {
      if (paging.whenMore === "stop") return items.slice(0, paging.itemsMax);
      throw tooMuch(paging.itemsMax, "items");
    }
    place = nextPlace(paging, page, list, reply, response);
  }
  return items;
}

function firstPlace(paging: Paging): Place {
  if (paging.type === "page") return { query: { [paging.parameter]: paging.start } };
  if (paging.type !== "offset") return {};
  return { query: { [paging.parameter]: 0, [paging.limitParameter]: paging.limit } };
}

function nextPlace(
  paging: Paging,
  page: number,
  list: Json[],
  reply: Reply,
  response: HttpResponse,
): Place | undefined {
  switch (paging.type) {
    case "page": {
      const pages = paging.pagesField === undefined ? undefined : getPath(reply.body, paging.pagesField);
      const isLast = typeof pages === "number" ? page + 1 >= pages : list.length === 0;
      return isLast ? undefined : { query: { [paging.parameter]: paging.start + page + 1 } };
    }
    case "offset": {
      if (list.length < paging.limit) return undefined;
      return {
        query: { [paging.parameter]: (page + 1) * paging.limit, [paging.limitParameter]: paging.limit },
      };
    }
    case "cursor": {
      const cursor = getPath(reply.body, paging.cursorField);
      const isEnd = cursor === undefined || cursor === null || cursor === "" || cursor === false;
      return isEnd ? undefined : { query: { [paging.parameter]: String(cursor) } };
    }
    case "link": {
      const next =
        paging.nextField === undefined
          ? nextOfHeader(response.headers.link)
          : getPath(reply.body, paging.nextField);
      return typeof next === "string" && next !== "" ? { url: new URL(next, response.url).href } : undefined;
    }
  }
}

/** Signing in goes to the service it was meant for, never to a link that leads elsewhere. */
function configAt(config: HttpConfig, place: Place): HttpConfig {
  if (place.url === undefined) return { ...config, query: { ...config.query, ...place.query } };
  const { auth, credential, headers, ...rest } = { ...config, url: place.url, query: undefined };
  const isSameService = new URL(place.url).origin === new URL(config.url).origin;
  return isSameService
    ? { ...rest, auth, credential, headers }
    : { ...rest, auth: undefined, credential: undefined };
}

function nextOfHeader(link: string | undefined): string | undefined {
  for (const part of (link ?? "").split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]*)>(.*)$/.exec(part);
    if (match && /;\s*rel="?[^"]*\bnext\b/i.test(match[2] ?? "")) return match[1];
  }
  return undefined;
}

function tooMuch(bound: number, what: "pages" | "items"): ActivityError {
  return new ActivityError({
    code: "PAGES_BOUND",
    class: "limit",
    message: `There are more than ${bound} ${what}.`,
    remedy: `Raise "paging.${what}Max", or set "paging.whenMore" to "stop" to take the first ones only.`,
    certainty: "notDone",
  });
}
