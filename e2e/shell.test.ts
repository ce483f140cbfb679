// The frame of the app as a person meets it: sign in, go around, find things, choose language and theme, lose the
// connection. Everything is found by role and label.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, assertNotTooWide, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { ownerKey } from "./harness/startServer.ts";

const app = await openApp({ after });

test("who is not signed in is asked for the key, told where it is, and led back to where they wanted to go", async () => {
  app.forgive(/401 \(Unauthorized\)/);
  const page = await app.page({ signedIn: false });
  await page.goto(`${app.url}/settings`);
  await page.getByRole("heading", { name: "Where is my key?" }).waitFor();
  await assertAccessible(page, "sign-in");
  await shoot(page, "sign-in-1280-light");

  const key = page.getByLabel("API key", { exact: true });
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Paste the key here.").waitFor();
  await key.fill("aos_wrong");
  await key.press("Enter");
  await page.getByText("The server does not know this key.").waitFor();
  await key.fill(ownerKey);
  await key.press("Enter");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/settings");
  assert.equal(await page.evaluate(() => localStorage.getItem("auraos.key")), null, "kept for the tab only");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.context().close();
});

test("a key that the server no longer takes leads to the sign-in, and back", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/settings`);
  await page.evaluate(() => localStorage.setItem("auraos.key", "aos_revoked"));
  await page.goto(`${app.url}/workflows?search=x`);
  await page.getByText("The server no longer accepts the key").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("to"), "/workflows?search=x");
  await page.context().close();
});

test("the first load is small", async () => {
  for (const path of ["/", "/workflows", "/executions"]) {
    const page = await app.page();
    let bytes = 0;
    page.on("response", (response) => {
      if (/\.js$/.test(response.url())) bytes += Number(response.headers()["content-length"] ?? 0);
    });
    await page.goto(app.url + path);
    await page.getByText("Live", { exact: true }).waitFor();
    assert.ok(bytes > 0 && bytes <= 250_000, `${path}: ${bytes} bytes of compressed JavaScript`);
    console.log(`${path}: ${Math.round(bytes / 1_000)} kB of compressed JavaScript`);
    await page.context().close();
  }
});

test("rooms are reached by link, by key and by palette, and an unknown address says so", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/settings`);
  await page.getByText("Everything works.").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Workflows" }).click();
  await page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Settings" }).waitFor();

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await palette.getByPlaceholder("What would you like to do or open?").fill("workflows");
  await shoot(page, "palette-1280-light");
  await assertAccessible(page, "palette");
  await palette.getByRole("option", { name: "Workflows" }).first().click();
  await page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();

  await page.keyboard.press("Control+k");
  await palette
    .getByPlaceholder("What would you like to do or open?")
    .fill("0195f3c2-0000-7000-8000-000000000001");
  await palette.getByRole("option", { name: /Open the execution 0195f3c2/ }).waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });

  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByText("Create a workflow").waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  await page.goto(`${app.url}/no/such/page`);
  await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
  await assertAccessible(page, "not found");
  await page.context().close();
});

test("language and theme change at once, hold after a reload, and turn the page around", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/settings`);
  await page.getByRole("radio", { name: "Dark" }).click();
  await page.getByRole("radio", { name: "العربية" }).click();
  await page.getByRole("heading", { name: "الإعدادات" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "الإعدادات" }).waitFor();
  const root = await page.evaluate(() => ({
    ...document.documentElement.dataset,
    dir: document.documentElement.dir,
  }));
  assert.deepEqual(root, { theme: "dark", dir: "rtl" });
  await page.context().close();
});

test("the app can be used on a phone", async () => {
  const page = await app.page({ width: 390, height: 844, touch: true });
  await page.goto(`${app.url}/settings`);
  await page.getByRole("button", { name: "Open the navigation" }).click();
  const drawer = page.getByRole("dialog", { name: /Navigation/ });
  await drawer.waitFor();
  await shoot(page, "drawer-390-light");
  await assertAccessible(page, "drawer");
  await drawer.getByRole("link", { name: "Workflows" }).click();
  await page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();
  await drawer.waitFor({ state: "detached" });
  await assertNotTooWide(page, "workflows on a phone");
  await page.context().close();
});

test("a lost connection is said, and the page comes back by itself", async () => {
  app.forgive(/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|WebSocket|xhr poll/i);
  const page = await app.page();
  const nodes = [{ id: "start", type: "trigger.manual", config: {} }];
  await app.call("POST", "/api/v1/workflows", { name: "Stock sync", nodes, connections: [] });
  await page.goto(`${app.url}/workflows`);
  await page.getByText("Never run").waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await app.stop();
  await page.getByText("No connection to the server.").waitFor();
  await shoot(page, "connection-lost-1280-light");
  await app.start();
  await app.call("POST", "/api/v1/workflows/Stock%20sync/execute?wait=5", {});
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("No connection to the server.").waitFor({ state: "detached" });
  // What happened meanwhile is caught up with.
  await page.getByRole("img", { name: "The last execution, 0 failed" }).waitFor();
  await page.context().close();
});

const pages = [
  ["settings", "/settings"],
  ["pieces", "/ui"],
] as const;

test("axe finds nothing in any theme or language, and nothing needs scrolling sideways", async () => {
  const looks = [
    { theme: "light", language: "en", width: 390 },
    { theme: "dark", language: "ar", width: 1280 },
  ] as const;
  for (const look of looks) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    for (const [name, path] of pages) {
      await page.goto(app.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      if (name === "settings") await page.getByText("HTTP").first().waitFor();
      const what = `${name}-${look.width}-${look.theme}-${look.language}`;
      await shoot(page, what);
      await assertAccessible(page, what);
      await assertNotTooWide(page, what);
    }
    await page.context().close();
  }
});
