// Every page of the map, whoever built it: it opens, says what it is, axe finds nothing in it, and nothing has to be
// scrolled sideways, on a desk and on a phone, in light and in dark, in English and in Arabic. The addresses are read
// from the map itself, so a new page is looked at without a word here. Home also keeps the budget of its first load.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const map = readFileSync(new URL("../web/src/routes.tsx", import.meta.url), "utf8");
const addresses = [...map.matchAll(/page\(\s*"([^":]+)"/g)].map(([, path]) => path as string);
// They greet only those who are not signed in, or need a token.
const before = new Set(["/sign-in", "/set-up", "/invitation", "/reset-password"]);
/** Their content is in the page itself. */
const asksNothing = new Set(["/ui", "/connections/authorized"]);
const FIRST_LOAD_BYTES_MAX = 250_000;

for (const look of [
  { theme: "light", language: "en", width: 1280 },
  { theme: "dark", language: "ar", width: 390 },
] as const)
  test(`every page, ${look.theme}, ${look.language}, ${look.width} px`, async (t) => {
    assert.ok(addresses.length > 15, `only ${addresses.length} pages were found in the map`);
    for (const isSignedIn of [true, false]) {
      const page = await app.page({ ...look, signedIn: isSignedIn, touch: look.width === 390 });
      for (const path of addresses.filter((one) => before.has(one) !== isSignedIn))
        await t.test(path, async () => {
          await page.goto(app.url + path);
          await page.getByRole("heading", { level: 1 }).first().waitFor();
          await isLoaded(page, path);
          await shoot(page, `page${path.replaceAll("/", "-")}-${look.width}-${look.theme}`);
          await assertAccessible(page, path);
          const tooWide = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(tooWide <= 0, `the page is ${tooWide} px too wide`);
        });
      await page.context().close();
    }
  });

test("every page while the server refuses: it says so with the number of the request, and trying again brings the page", async (t) => {
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
