// Every page of the map, whoever built it: it opens, says what it is, axe finds nothing in it, and nothing has to be
// scrolled sideways, on a desk and on a phone, in light and in dark, in English and in Arabic. The addresses are read
// from the routes and from the map of paths with its views, so a new one is looked at without a word here. Home also keeps
// the budget of its first load.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { assertAccessible, assertNotTooWide, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const source = (name: string) => readFileSync(new URL(`../web/src/${name}`, import.meta.url), "utf8");
const addresses = [...source("routes.tsx").matchAll(/page\(\s*"([^":]+)"/g)].map(
  ([, path]) => path as string,
);
const map = /export const paths = \{\n([\s\S]+?)\n\};/.exec(source("paths.ts"))?.[1] ?? "";
/** What the map leads to: its name, the address, what is fixed in it, and what its views are called. */
const entries = map
  .split(/^ {2}(?=\w+: \()/m)
  .slice(1)
  .map((text) => ({
    name: /^\w+/.exec(text)?.[0] ?? "",
    address: /["`](\/[^"`]*)["`]/.exec(text)?.[1] ?? "",
    fixed: [...text.matchAll(/[{ ](\w+): "(\w+)"[,} ]/g)].map(([, key, value]) => `${key}=${value}`),
    views: [...(/view\?: ([^;}]+)/.exec(text)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, view]) => view),
  }));
const ofOne = entries.filter(({ address }) => address.includes("${"));
/** The pages, dialogs that an address opens, and the parts of a page. */
const wanted = entries
  .filter((entry) => !ofOne.includes(entry))
  .flatMap(({ address, fixed, views }) => [
    fixed.length > 0 ? `${address}?${fixed.join("&")}` : address,
    ...views.map((view) => `${address}?view=${view}`),
  ]);
// They greet only those who are not signed in, or need a token.
const before = new Set(["/sign-in", "/set-up", "/invitation", "/reset-password"]);
/** Their content is in the page itself. */
const asksNothing = new Set(["/ui", "/connections/authorized"]);
/** Every page is a test in this one. */
const MANY_PAGES_MS = 600_000;
const FIRST_LOAD_BYTES_MAX = 250_000;

const looks = [
  { theme: "light", language: "en", width: 1280 },
  { theme: "dark", language: "ar", width: 390 },
] as const;

for (const look of looks)
  test(`every page, ${look.theme}, ${look.language}, ${look.width} px`, {
    timeout: MANY_PAGES_MS,
  }, async (t) => {
    assert.ok(addresses.length > 15, `only ${addresses.length} pages were found in the routes`);
    assert.ok(wanted.length > 30 && wanted.every((path) => path !== ""), `found in the map: ${wanted}`);
    for (const isSignedIn of [true, false]) {
      const page = await app.page({ ...look, signedIn: isSignedIn, touch: look.width === 390 });
      // A part comes after its page.
      for (const path of [...new Set([...addresses, ...wanted])].toSorted())
        if (before.has(path) !== isSignedIn) await t.test(path, () => see(page, path, look));
      await page.context().close();
    }
  });

test("every page while the server refuses: it says so with the number of the request, and trying again brings the page", {
  timeout: MANY_PAGES_MS,
}, async (t) => {
  app.forgive(/status of (500|403) /);
  const page = await app.page();
  const server = await troubled(page);
  const main = page.locator("main");
  const retry = main.getByRole("alert").getByRole("button", { name: "Try again" }).first();
  for (const path of addresses.filter((one) => !before.has(one) && !asksNothing.has(one)))
    await t.test(path, async () => {
      server.refuse(500);
      await page.goto(app.url + path);
      await main.getByText("Request request-500").first().waitFor();
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      server.refuse(403);
      // A page that asks again by itself takes the button away now and then.
      await repeat(retry, main.getByText("Request request-403").first());
      server.hold();
      await retry.click({ timeout: 1_000 }).catch(() => {});
      server.release();
      await repeat(retry, page.locator("main:not(:has([role=alert]))"));
      await isLoaded(page, path);
    });
  await page.context().close();
});

test("the pages of one thing, in every look", async () => {
  const { id: workflow } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: "Morning report",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "say", type: "set", config: { fields: { text: "Report" } } },
    ],
    connections: [{ from: "start", to: "say" }],
  });
  const execute = `/api/v1/workflows/${workflow}/execute?wait=60`;
  const { id: execution } = await app.call<{ id: string }>("POST", execute, {});
  const ids: Record<string, string> = { workflow, execution };
  assert.deepEqual(
    ofOne.map(({ name }) => name).toSorted(),
    Object.keys(ids).toSorted(),
    "each is made here",
  );
  for (const look of looks) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    for (const { name, address, views } of ofOne)
      for (const query of ["", ...views.map((view) => `?view=${view}`)])
        await see(page, address.replace(/\$\{.+\}/, ids[name] ?? "") + query, look);
    await page.context().close();
  }
});

async function see(page: Page, path: string, { theme, width }: (typeof looks)[number]): Promise<void> {
  if (path.includes("?view=")) await turnTo(page, path);
  else await page.goto(app.url + path);
  // Behind a dialog it is there, and hidden.
  await page.locator("h1").first().waitFor({ state: "attached" });
  if (/[?&](new|import|templates)=1/.test(path)) await page.getByRole("dialog").waitFor();
  await isLoaded(page, path);
  await shoot(page, `page${path.replaceAll(/[/?]/g, "-")}-${width}-${theme}`);
  await assertAccessible(page, path);
  await assertNotTooWide(page, path);
}

/** From the page that is there to another part of it, without loading the app anew. */
async function turnTo(page: Page, path: string): Promise<void> {
  const before = await page.locator("main").textContent();
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.waitForFunction((old) => document.querySelector("main")?.textContent !== old, before);
}

/** Presses until the other is there. */
async function repeat(button: Locator, wanted: Locator): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    if (await wanted.isVisible()) return;
    await button.click({ timeout: 1_000 }).catch(() => {});
    if (
      await wanted.waitFor({ timeout: 500 }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  await wanted.waitFor();
}

/** Answers of the server become refusals, wait until they are released, or come as they are. */
async function troubled(page: Page) {
  let status: number | undefined;
  let gate = Promise.withResolvers<void>();
  await page.route(/\/(api\/v1|health)\//, async (route) => {
    if (status === undefined) return gate.promise.then(() => route.continue());
    return route.fulfill({
      status,
      contentType: "application/problem+json",
      headers: { "x-request-id": `request-${status}` },
      body: JSON.stringify({ status, code: "REFUSED", detail: "Not now.", remedy: "Come back later." }),
    });
  });
  return {
    refuse(wanted: number) {
      status = wanted;
    },
    hold() {
      status = undefined;
      gate = Promise.withResolvers();
    },
    release() {
      gate.resolve();
    },
  };
}

/** The pieces show what is loading for ever. */
async function isLoaded(page: Page, path: string): Promise<void> {
  const isLoading = page.locator("main .animate-pulse-soft, main [aria-busy=true]").first();
  if (path !== "/ui") await isLoading.waitFor({ state: "detached" });
}

test("the JavaScript of Home, compressed, until nothing is loaded any more", async () => {
  const page = await app.page();
  const chunks: [string, number][] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js")) chunks.push([pathname, Number(response.headers()["content-length"] ?? 0)]);
  });
  await page.goto(app.url);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  const bytes = chunks.reduce((sum, [, size]) => sum + size, 0);
  const list = chunks.map(([name, size]) => `${(size / 1_000).toFixed(1)} kB ${name}`).join("\n  ");
  assert.ok(chunks.length > 3 && chunks.every(([, size]) => size > 0), list);
  assert.ok(bytes <= FIRST_LOAD_BYTES_MAX, `${bytes} bytes:\n  ${list}`);
  await page.context().close();
});
