// What a browser test needs: the built app on a real server, and pages as a person has them.
//
//   const app = await openApp({ after });
//   const page = await app.page({ theme: "dark", language: "ar", width: 390 });
//   await page.goto(app.url + "/workflows");
//
// A page that logs an error, throws, or breaks the content security policy fails the test file at its end, unless the
// test expected it (`app.forgive(/.../)`).
import assert from "node:assert/strict";
import type { Scope } from "@auraos/server/testing/freshDatabase.ts";
import type { Browser, Page } from "playwright-core";
import { buildWeb } from "../../tools/buildWeb.mjs";
import { openBrowser } from "./openBrowser.ts";
import { ownerKey, type Server, type ServerOptions, startServer } from "./startServer.ts";

export type PageOptions = {
  theme?: "light" | "dark";
  language?: "en" | "ar";
  width?: number;
  height?: number;
  /** Default true: the key is already kept in this browser. */
  signedIn?: boolean;
  /** Whose session is open in this browser instead; `at`: the address of the app for them, as passkeys want a name. */
  person?: { at: string; organization: string; cookies: string };
  touch?: boolean;
};

export type App = Server & {
  page(options?: PageOptions): Promise<Page>;
  /** Complaints of pages that match are expected. */
  forgive(complaint: RegExp): void;
};

/**
 * For every wait: a machine with much else to do passes, and no test is slower for it. Less than the safety net of the app
 * (web/src/api/safetyNet.ts), so that a page that does not follow by itself fails.
 */
const PATIENCE_MS = 45_000;

/** `browser`: one that is open already, for a file with several apps. */
export async function openApp(
  scope: Scope,
  options: ServerOptions & { browser?: Browser } = {},
): Promise<App> {
  assert.ok(buildWeb(), "the web app builds");
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  scope.after(() => {
    const left = complaints.filter((complaint) => !forgiven.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(left, [], "the pages had nothing to complain about");
  });
  const [server, browser] = await Promise.all([
    startServer(scope, options),
    options.browser ?? openBrowser(scope),
  ]);
  return {
    ...server,
    forgive: (pattern) => void forgiven.push(pattern),
    page: async (options = {}) => watch(await newPage(browser, server.url, options), complaints),
  };
}

async function newPage(browser: Browser, url: string, options: PageOptions): Promise<Page> {
  const {
    theme = "light",
    language = "en",
    width = 1280,
    height = 800,
    signedIn = true,
    person,
    touch = false,
  } = options;
  const localStorage = [
    { name: "auraos.theme", value: theme },
    { name: "auraos.language", value: language },
    ...(person ? [{ name: "auraos.person", value: person.organization }] : []),
    ...(signedIn && !person ? [{ name: "auraos.key", value: ownerKey }] : []),
  ];
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: touch,
    colorScheme: "light",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    storageState: { cookies: [], origins: [{ origin: person?.at ?? url, localStorage }] },
  });
  if (person)
    await context.addCookies(
      person.cookies.split("; ").map((cookie) => {
        const [name = "", value = ""] = cookie.split(/=(.*)/s);
        return { name, value, url: person.at };
      }),
    );
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

function watch(page: Page, complaints: string[]): Page {
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  });
  return page;
}
