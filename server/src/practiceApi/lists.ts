// Long lists in the two usual ways: pages with a Link header, and cursors. Some pages fail once when asked to.
import { type Goods, makeGoods } from "./goods.ts";
import { type Call, keyOf, numberFrom, PracticeRefusal, type Route, sendError, sendJson } from "./route.ts";
import { chance, countCall } from "./state.ts";

type Listed = { id: string; status?: string; category?: string };

const limitDefault = 25;
const limitMax = 100;
/** Share of the pages that fail once under `?flaky=1`. */
const flakyShare = 0.3;

export function listRoutes(seed: string): Route[] {
  const goods: Goods = makeGoods(seed);
  const lists = {
    orders: goods.orders,
    products: goods.products.map((product) => ({ id: product.sku, ...product })),
  };
  return Object.entries(lists).flatMap(([name, all]) => routesFor(name, all));
}

function routesFor(name: string, all: Listed[]): Route[] {
  return [
    {
      method: "GET",
      path: `/${name}`,
      about: `${all.length} ${name} by ?page and ?limit (${limitDefault}), with a Link header; ?flaky=1 makes some pages fail once per ?key.`,
      example: `/${name}?page=2&limit=10`,
      handle(call) {
        const page = Math.max(1, numberFrom(call, "page", 1, 1e6));
        const limit = limitOf(call);
        if (failsOnce(call, `${name} page ${page}`)) return;
        const chosen = filtered(call, all);
        const pages = Math.max(1, Math.ceil(chosen.length / limit));
        const link = (to: number, rel: string) => `<${linkTo(call, to)}>; rel="${rel}"`;
        const links = [link(1, "first"), link(pages, "last")];
        if (page > 1) links.push(link(Math.min(page - 1, pages), "prev"));
        if (page < pages) links.push(link(page + 1, "next"));
        const data = chosen.slice((page - 1) * limit, page * limit);
        sendJson(
          call,
          200,
          { data, page, pages, total: chosen.length, hasMore: page < pages },
          { link: links.join(", ") },
        );
      },
    },
    {
      method: "GET",
      path: `/${name}/by-cursor`,
      about: `The same ${name} by ?cursor and ?limit; the last answer has nextCursor null.`,
      example: `/${name}/by-cursor?limit=100`,
      handle(call) {
        const limit = limitOf(call);
        const chosen = filtered(call, all);
        const from = cursorPlace(call, name);
        if (failsOnce(call, `${name} cursor ${from}`)) return;
        const end = from + limit;
        const nextCursor = end < chosen.length ? Buffer.from(`${name}:${end}`).toString("base64url") : null;
        sendJson(call, 200, { data: chosen.slice(from, end), nextCursor });
      },
    },
    {
      method: "GET",
      path: `/${name}/:id`,
      about: `One of the ${name}, or 404.`,
      example: `/${name}/${all[0]?.id ?? ""}`,
      handle(call) {
        const found = all.find(({ id }) => id === call.params.id);
        if (found) sendJson(call, 200, found);
        else sendError(call, 404, "NOT_FOUND", `There is no ${call.params.id} among the ${name}.`);
      },
    },
  ];
}

function filtered(call: Call, all: Listed[]): Listed[] {
  const status = call.url.searchParams.get("status");
  const category = call.url.searchParams.get("category");
  return all.filter((one) => (!status || one.status === status) && (!category || one.category === category));
}

function limitOf(call: Call): number {
  return Math.max(1, numberFrom(call, "limit", limitDefault, limitMax));
}

function linkTo(call: Call, page: number): string {
  const target = new URL(call.url);
  target.searchParams.set("page", String(page));
  return target.href;
}

function cursorPlace(call: Call, name: string): number {
  const cursor = call.url.searchParams.get("cursor");
  if (!cursor) return 0;
  const [kind, place] = Buffer.from(cursor, "base64url").toString().split(":");
  if (kind !== name || !/^\d{1,9}$/.test(place ?? ""))
    throw new PracticeRefusal(400, "BAD_CURSOR", "This cursor is not from here.");
  return Number(place);
}

function failsOnce(call: Call, what: string): boolean {
  if (call.url.searchParams.get("flaky") !== "1") return false;
  const attempt = countCall(call.state, `${what} ${keyOf(call)}`);
  if (attempt > 1 || chance(call.state.seed, what) >= flakyShare) return false;
  sendError(call, 500, "FLAKY_PAGE", "This page fails the first time, on purpose.");
  return true;
}
