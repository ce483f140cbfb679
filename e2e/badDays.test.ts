// Days on which something is wrong: the key is revoked or the server leaves in the middle of an edit, a slow server, two
// tabs, a definition of a newer version, data that is too large, too long, too deep or hostile. Nothing is lost, nothing
// freezes, and what came from outside is text. Two people, and rights that end: twoPeople.test.ts.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { draftsOf } from "./harness/drafts.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { ownerKey } from "./harness/startServer.ts";

const app = await openApp({ after });
const { newWorkflow, draftOf, open } = draftsOf(app);

const start = { id: "start", type: "trigger.manual", name: "Start", config: {} };
const greet = { id: "greet", type: "set", name: "Greet", config: { fields: { text: "Hello" } } };
const chain = { nodes: [start, greet], connections: [{ from: "start", to: "greet" }] };

const rename = async (page: Page, from: string, to: string) => {
  await page.locator(".react-flow__node", { hasText: from }).click();
  await page.getByLabel("Name of the node").fill(to);
  await page.keyboard.press("Enter");
};
const namesOf = async (id: string) => (await draftOf(id)).nodes.map(({ name }) => name);

test("a key that is revoked in the middle of an edit: signed in again, the edit is there and is stored", async () => {
  app.forgive(/401 \(Unauthorized\)/);
  const id = await newWorkflow("Revoked", chain);
  const { id: keyId, key } = await app.call<{ id: string; key: string }>("POST", "/api/v1/api-keys", {
    name: "short-lived",
    role: "admin",
  });
  const page = await app.page({ signedIn: false });
  await page.goto(`${app.url}/sign-in`);
  await page.evaluate((value) => localStorage.setItem("auraos.key", value), key);
  await page.goto(`${app.url}/workflows/${id}`);
  await page.getByText("Draft saved").waitFor();
  await rename(page, "Greet", "Written at the last moment");
  await app.call("DELETE", `/api/v1/api-keys/${keyId}`);
  await page.getByText("The server no longer accepts the key").waitFor();
  const to = new URL(page.url()).searchParams.get("to") ?? "";
  assert.ok(to.startsWith(`/workflows/${id}`), to);
  await page.evaluate((value) => localStorage.setItem("auraos.key", value), ownerKey);
  await page.goto(app.url + to);
  await page.locator(".react-flow__node", { hasText: "Written at the last moment" }).waitFor();
  await page.getByText("Draft saved").waitFor();
  assert.deepEqual(await namesOf(id), ["Start", "Written at the last moment"]);
  await page.context().close();
});

test("the server leaves in the middle of an edit: it is said, kept, and stored when the server is back", async () => {
  app.forgive(/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|WebSocket|xhr poll/i);
  const id = await newWorkflow("Restart", chain);
  const page = await open(id);
  await app.stop();
  await rename(page, "Greet", "Written while it was down");
  await page.getByRole("button", { name: "Not saved, try again" }).waitFor();
  await page.getByText("No connection to the server.").waitFor();
  await shoot(page, "builder-server-down-1280-light");
  await app.start();
  await page.getByText("Draft saved").waitFor();
  assert.deepEqual(await namesOf(id), ["Start", "Written while it was down"]);
  await page.context().close();
});

test("a slow server: pages show their shape, and what is edited meanwhile is stored in the end", async () => {
  const id = await newWorkflow("Slow", chain);
  const page = await app.page();
  let isSlow = true;
  const held: (() => void)[] = [];
  await page.route(/\/api\/v1\/(workflows|executions|stats)/, async (route) => {
    if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
    // A request of a page that was left is gone by now.
    await route.continue().catch(() => {});
  });
  const release = () => {
    isSlow = false;
    for (const go of held.splice(0)) go();
  };
  for (const [path, name] of [
    ["/", "Home"],
    ["/workflows", "Workflows"],
    ["/executions", "Executions"],
  ] as const) {
    await page.goto(app.url + path);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.locator("[aria-busy=true], [role=status][aria-label]").first().waitFor();
    await assertAccessible(page, `${name}, slow`);
  }
  await page.goto(`${app.url}/workflows/${id}`);
  await page.getByRole("status", { name: "Loading the workflow" }).waitFor();
  await shoot(page, "builder-slow-1280-light");
  release();
  await page.getByText("Draft saved").waitFor();
  isSlow = true;
  await rename(page, "Greet", "First");
  await page.getByText("Saving", { exact: true }).waitFor();
  await rename(page, "First", "Second");
  release();
  await page.getByText("Draft saved").waitFor();
  assert.deepEqual(await namesOf(id), ["Start", "Second"]);
  await page.context().close();
});

test("two tabs of one person: the second does not overwrite the first in silence", async () => {
  app.forgive(/409 \(Conflict\)/);
  const id = await newWorkflow("Two tabs", chain);
  const first = await open(id);
  const second = await first.context().newPage();
  await second.goto(`${app.url}/workflows/${id}`);
  await second.getByText("Draft saved").waitFor();
  await first.bringToFront();
  await rename(first, "Greet", "From the first tab");
  await first.getByText("Draft saved").waitFor();
  await second.bringToFront();
  await rename(second, "Start", "From the second tab");
  const dialog = second.getByRole("dialog", { name: "The draft was changed elsewhere" });
  await dialog.getByText("From the first tab").first().waitFor();
  assert.deepEqual(await namesOf(id), ["Start", "From the first tab"]);
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await second.getByText("Draft saved").waitFor();
  assert.deepEqual(await namesOf(id), ["From the second tab", "Greet"]);
  await first.context().close();
});

test("a definition of a newer version: what is not known here is shown, and survives an edit", async () => {
  const id = await newWorkflow("Newer", {
    ...chain,
    nodes: [...chain.nodes, { id: "later", type: "hologram", name: "Later", config: { depth: { z: 3 } } }],
  });
  const draft = await draftOf(id);
  await app.call("PUT", `/api/v1/workflows/${id}/draft`, {
    ...draft,
    futureSetting: { mode: "fast" },
    nodes: draft.nodes.map((node) => (node.id === "later" ? { ...node, futureField: 1 } : node)),
  });
  const page = await open(id);
  await page.locator(".react-flow__node", { hasText: "Later" }).click();
  await page.getByText("Type “hologram” is not installed here").waitFor();
  await shoot(page, "builder-unknown-type-1280-light");
  await assertAccessible(page, "a type that is not installed");
  await rename(page, "Greet", "Greet again");
  await page.getByText("Draft saved").waitFor();
  const after = (await draftOf(id)) as unknown as Record<string, unknown> & {
    nodes: Record<string, unknown>[];
  };
  assert.deepEqual(after.futureSetting, { mode: "fast" });
  assert.equal(after.nodes.find((node) => node.id === "later")?.futureField, 1);
  await page.context().close();
});

test("data of 50 MB, ten thousand entries, five hundred levels, and hostile words", {
  timeout: 420_000,
}, async () => {
  const hostile = '<img src=x onerror="document.title=\'pwned\'"><script>document.title="pwned"</script>';
  const deep = Array.from({ length: 60 }).reduce<unknown>((inner) => ({ inner }), "bottom");
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: `Hostile ${hostile}`,
    nodes: [start],
    connections: [],
  });
  const input = [
    { blob: "x".repeat(45_000_000) },
    {
      list: Array.from({ length: 10_000 }, (_, index) => index),
      deep,
      hostile,
      turned: "\u202Eevil\u0000",
      __proto: 1,
    },
  ];
  const execution = await startPatiently(id, input);
  const page = await app.page();
  await page.goto(`${app.url}/executions/${execution}?run=start`);
  await page.getByRole("tab", { name: "Output" }).click();
  await page.getByText(/45 MB, too large to be shown here/).waitFor();
  await page.getByRole("button", { name: /^Download item 1/ }).waitFor();
  await page.getByText("bottom").waitFor({ state: "detached" });
  await page.getByRole("button", { name: /9,?900/ }).waitFor();
  assert.ok((await page.locator("*").count()) < 4_000, "only a portion is in the document");
  await page.getByText("<img src=x").first().waitFor();
  assert.match(await page.title(), /^Hostile <img/);
  await shoot(page, "execution-large-data-1280-light");
  await assertAccessible(page, "large and hostile data");
  await page.goto(`${app.url}/executions`);
  await page
    .getByRole("link", { name: /^Hostile <img/ })
    .first()
    .waitFor();
  assert.notEqual(await page.title(), "pwned");
  await page.context().close();
});

/** A database that is busy with such amounts says so (503), and is asked again with the same key, as every caller should. */
async function startPatiently(workflow: string, input: unknown): Promise<string> {
  const headers = {
    authorization: `Bearer ${ownerKey}`,
    "content-type": "application/json",
    "idempotency-key": "large and hostile",
  };
  const body = JSON.stringify(input);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const url = `${app.url}/api/v1/workflows/${workflow}/execute`;
    const answer = await fetch(url, { method: "POST", headers, body });
    const said = (await answer.json()) as { id: string };
    if (answer.ok) return said.id;
    assert.equal(answer.status, 503, JSON.stringify(said));
  }
  assert.fail("the database is busy all the time");
}
