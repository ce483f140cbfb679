// The builder as people use it: a newcomer with the mouse, an engineer on the keyboard, both from nothing to a published
// workflow; what must survive a reload; two who change the same draft; and axe on every state.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { type Definition, draftsOf } from "./harness/drafts.ts";
import { choose } from "./harness/hands.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const app = await openApp({ after });

const { newWorkflow, draftOf, open } = draftsOf(app);

const shop: Partial<Definition> = {
  nodes: [
    {
      id: "start",
      type: "trigger.manual",
      name: "Start",
      config: {
        input: {
          lines: [
            { sku: "AB-1040", qty: 3 },
            { sku: "CX-7", qty: 1 },
          ],
        },
      },
    },
    {
      id: "each",
      type: "foreach",
      name: "Each line",
      config: { items: "{{ $json.lines }}", concurrency: 4 },
    },
    { id: "total", type: "set", name: "Line total", config: { fields: { total: "{{ $json.qty * 12.9 }}" } } },
    { id: "big", type: "if", name: "Large?", config: { condition: "{{ $json.total > 20 }}" } },
    { id: "flag", type: "set", name: "Mark", config: { fields: { large: true } } },
  ].map((node) => (node.id === "total" ? { ...node, parent: "each" } : node)),
  connections: [
    { from: "start", to: "each" },
    { from: "each", port: "done", to: "big" },
    { from: "big", port: "true", to: "flag" },
  ],
};

test("a newcomer builds, mends, runs and publishes with the mouse", async () => {
  const id = await newWorkflow("Newcomer");
  const page = await open(id);
  await page.getByText("How does this workflow start?").waitFor();
  await assertAccessible(page, "an empty workflow");
  await shoot(page, "builder-empty-1280-light");

  let actions = 0;
  const click = async (target: ReturnType<Page["getByRole"]>) => {
    actions += 1;
    await target.click();
  };
  await click(page.getByRole("button", { name: /^Start Starts/ }));
  await click(page.getByRole("button", { name: "Add after main" }));
  await assertAccessible(page, "the palette");
  await click(page.getByRole("option", { name: /^Set fields/ }));
  await click(page.getByRole("button", { name: "Add after main" }));
  await click(page.getByRole("option", { name: /^If / }));
  assert.ok(actions <= 10, `${actions} actions for trigger, set and if`);
  await page.getByText("Draft saved").waitFor();
  const built = await draftOf(id);
  assert.deepEqual(
    built.nodes.map(({ type }) => type),
    ["trigger.manual", "set", "if"],
  );
  assert.deepEqual(
    built.connections.map(({ from, to }) => `${from}>${to}`),
    ["manual>set", "set>if"],
  );

  // A planted mistake: the message says where, and mending it is enough.
  await page.getByLabel("Condition", { exact: true }).fill("{{ $json.amount > }}");
  await page
    .getByText(/Cannot read the expression/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "1 problem" }).click();
  await shoot(page, "builder-problem-1280-light");
  await assertAccessible(page, "a problem");
  await page.getByRole("button", { name: /Cannot read the expression/ }).click();
  await page.keyboard.insertText("100 ");
  await page.getByRole("button", { name: "1 problem" }).waitFor({ state: "detached" });

  await page.locator(".react-flow__node", { hasText: "Set fields" }).click();
  await page.getByRole("button", { name: "Add a field Fields" }).click();
  await page.getByLabel("New name: Fields").fill("amount");
  await page.keyboard.press("Enter");
  await page.getByLabel("amount", { exact: true }).fill("{{ 40 * 3 }}");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const result = page.getByRole("region", { name: "Result of the run" });
  await result.getByText("Succeeded").waitFor();
  await result.getByRole("cell", { name: "120" }).waitFor();
  await page.locator(".react-flow__node", { hasText: "If" }).last().click();
  await result.getByText("Output true 1").waitFor();
  await shoot(page, "builder-run-1280-light");
  await assertAccessible(page, "a run");

  await page.getByRole("button", { name: "Publish 1" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish version 1" });
  await dialog.getByLabel("What changed and why").fill("First version");
  await assertAccessible(page, "publishing");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("button", { name: "Published 1" }).waitFor();
  const versions = await app.call<{ items: { note: string | null }[] }>(
    "GET",
    `/api/v1/workflows/${id}/versions`,
  );
  assert.deepEqual(
    versions.items.map(({ note }) => note),
    ["First version"],
  );
  await page.context().close();
});

test("the same on the keyboard alone", async () => {
  const id = await newWorkflow("Keyboard");
  const page = await open(id);
  const key = (name: string) => page.keyboard.press(name);
  await page.getByRole("application", { name: "Canvas" }).focus();
  await key("/");
  await choose(page, "start", /^Start/);
  await page.locator(".react-flow__node", { hasText: "Start" }).waitFor();
  await key("Tab");
  await choose(page, "assign", /^Set fields/);
  await page.locator(".react-flow__node", { hasText: "Set fields" }).waitFor();
  await key("Tab");
  await choose(page, "if", /^If /);
  await page.locator(".react-flow__node", { hasText: "If" }).nth(0).waitFor();

  // Back along the wires, and forward again; C connects to what the arrows reach.
  const said = page.locator("[aria-live=polite]", { hasText: "Start" });
  await key("ArrowLeft");
  await key("ArrowLeft");
  await said.waitFor({ state: "attached" });
  await key("c");
  await page.getByText(/^Connect “Start”/).waitFor();
  await key("ArrowRight");
  await key("ArrowRight");
  await key("Enter");
  await page.getByText("Draft saved").waitFor();
  const wires = (await draftOf(id)).connections.map(({ from, to }) => `${from}>${to}`);
  assert.deepEqual(wires, ["manual>set", "set>if", "manual>if"]);
  await key("Control+z");

  // Enter opens the node; the form is reached with Tab from the panel's name.
  await key("Enter");
  const condition = page.getByLabel("Condition", { exact: true });
  await condition.focus();
  await page.keyboard.insertText("{{ true }}");
  await key("Control+Enter");
  const result = page.getByRole("region", { name: "Result of the run" });
  await result.getByText("Succeeded").waitFor();
  await key("Control+s");
  await page.getByText("Draft saved").waitFor();
  await key("Control+Shift+P");
  await page.getByRole("dialog", { name: "Publish version 1" }).waitFor();
  await page.getByLabel("What changed and why").focus();
  await page.keyboard.type("By keyboard");
  await key("Tab");
  await key("Enter");
  await page.getByRole("button", { name: "Published 1" }).waitFor();
  await page.context().close();
});

test("what is typed before the form of a new step is there arrives in its first field", async () => {
  const id = await newWorkflow("Early keys");
  const page = await app.page();
  const { promise: asked, resolve: bring } = Promise.withResolvers<void>();
  await page.route(/\/NodePanel-[\w-]+\.js/, async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(`${app.url}/workflows/${id}`);
  const canvas = page.getByRole("application", { name: "Canvas" });
  const frame = page.locator("#builder-panel:focus");
  await canvas.focus();
  await page.keyboard.press("/");
  await choose(page, "webhook", /^Webhook/);
  await page.locator("#builder-canvas:focus").waitFor();
  // There and back, though there is nothing to see yet.
  await page.keyboard.press("Enter");
  await frame.waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#builder-canvas:focus").waitFor();
  // On the canvas each of these letters would be a command.
  await page.keyboard.press("Enter");
  await frame.waitFor();
  await page.keyboard.type("xcrc");
  await page.keyboard.press("Backspace");
  bring();
  const field = page.getByLabel("Path", { exact: true });
  await page.locator(":focus").and(field).waitFor();
  await page.keyboard.type("/new");
  await until(async () => (await draftOf(id)).nodes[0]?.config.path === "xcr/new");
  assert.equal(await field.inputValue(), "xcr/new");
  const [node] = (await draftOf(id)).nodes;
  assert.equal((node as { disabled?: boolean }).disabled, undefined);
  await page.context().close();
});

test("undo and redo survive a reload, and so does what was not saved yet", async () => {
  const id = await newWorkflow("Undo", shop);
  const page = await open(id);
  const nodes = page.locator(".react-flow__node");
  await nodes.first().waitFor();
  const before = await nodes.count();
  await page.locator(".react-flow__node", { hasText: "Mark" }).click();
  await page.getByRole("application", { name: "Canvas" }).press("Delete");
  await page.waitForFunction(
    (count) => document.querySelectorAll(".react-flow__node").length === count,
    before - 1,
  );
  // At once: the server has not been told.
  await page.reload();
  await nodes.first().waitFor();
  assert.equal(await nodes.count(), before - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await nodes.count(), before);
  await page.getByText("Draft saved").waitFor();
  await page.reload();
  await nodes.first().waitFor();
  await page.getByRole("button", { name: "Redo" }).click();
  assert.equal(await nodes.count(), before - 1);
  await page.getByText("Draft saved").waitFor();
  assert.equal((await draftOf(id)).nodes.length, before - 1);
  await page.context().close();
});

test("a draft that was changed elsewhere is never overwritten in silence", async () => {
  app.forgive(/409 \(Conflict\)/);
  const id = await newWorkflow("Conflict", shop);
  const page = await open(id);
  const theirs = await draftOf(id);
  await app.call("PUT", `/api/v1/workflows/${id}/draft`, {
    ...theirs,
    nodes: theirs.nodes.map((node) =>
      node.id === "big" ? { ...node, config: { condition: "{{ $json.total > 99 }}" } } : node,
    ),
  });
  await page.locator(".react-flow__node", { hasText: "Mark" }).click();
  await page.getByLabel("Name of the node").fill("Flag it");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "The draft was changed elsewhere" });
  await dialog.getByText("{{ $json.total > 99 }}").waitFor();
  await shoot(page, "builder-conflict-1280-light");
  await assertAccessible(page, "a conflict");
  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Draft saved").waitFor();
  assert.equal(
    (await draftOf(id)).nodes.find((node) => node.id === "big")?.config.condition,
    "{{ $json.total > 99 }}",
  );
  await page.context().close();
});

test("an expression that is replaced by typing over all of it arrives whole", async () => {
  const id = await newWorkflow("Typed over", {
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "call", type: "http", config: { url: "https://example.com/{{ $json.old }}" } },
    ],
    connections: [{ from: "start", to: "call" }],
  });
  const page = await open(id, {}, "?node=call");
  const editor = page.locator("#builder-panel .cm-content").first();
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("new/{{ $json.id");
  await until(async () => {
    const { nodes } = await draftOf(id);
    const url = nodes.find((node) => node.id === "call")?.config.url;
    return typeof url === "string" && url.startsWith("new/{{ $json.id");
  });
  await page.context().close();
});

test("a hostile file is refused with its place, a good one replaces the draft", async () => {
  const id = await newWorkflow("Import");
  const page = await open(id);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Import" });
  const text = dialog.getByLabel("Or paste it here");
  await text.fill(
    '{"name":"x","nodes":[{"id":"a","type":"set","config":{"__proto__":{"x":1}}}],"connections":[]}',
  );
  await dialog.getByText("/nodes/0/config/__proto__").waitFor();
  await text.fill(JSON.stringify({ name: "x", ...shop }));
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await page.locator(".react-flow__node", { hasText: "Large?" }).waitFor();
  await page.context().close();
});

for (const theme of ["light", "dark"] as const) {
  test(`the builder after a run, ${theme}: panels, list, small screens`, async () => {
    const id = await newWorkflow(`Shop ${theme}`, shop);
    const page = await open(id, { theme });
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("region", { name: "Result of the run" }).getByText("Succeeded").waitFor();
    await shoot(page, `builder-shop-1280-${theme}`);
    await assertAccessible(page, `after a run, ${theme}`);
    await page.locator(".react-flow__node", { hasText: "Line total" }).last().click();
    await page
      .getByRole("region", { name: "Result of the run" })
      .getByRole("cell", { name: "12.9" })
      .waitFor();
    assert.match(page.url(), /node=total/);
    await page.reload();
    await page
      .getByRole("region", { name: "Result of the run" })
      .getByRole("cell", { name: "12.9" })
      .waitFor();
    await shoot(page, `builder-panel-1280-${theme}`);
    await assertAccessible(page, `a node, ${theme}`);
    for (const tab of ["On error", "Last run", "Notes"]) {
      await page.getByRole("tab", { name: tab }).click();
      await assertAccessible(page, `${tab}, ${theme}`);
    }
    await shoot(page, `builder-notes-1280-${theme}`);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Show as a list" }).click();
    await page.getByRole("list", { name: /Nodes in the order/ }).waitFor();
    await assertAccessible(page, `the list, ${theme}`);
    await page.context().close();

    // By touch in the light: wholeWay.test.ts.
    if (theme === "light") return;
    const phone = await open(id, { theme, width: 390, height: 780, touch: true });
    await phone.locator(".react-flow__node").first().waitFor();
    await shoot(phone, `builder-shop-390-${theme}`);
    await assertAccessible(phone, `a phone, ${theme}`);
    await phone.getByRole("button", { name: "Run", exact: true }).tap();
    await phone.getByRole("region", { name: "Result of the run" }).getByText("Succeeded").waitFor();
    await phone.locator(".react-flow__node", { hasText: "Start" }).tap();
    await phone.getByLabel("Name of the node").waitFor();
    await shoot(phone, `builder-panel-390-${theme}`);
    await assertAccessible(phone, `a node on a phone, ${theme}`);
    await phone.context().close();
  });
}
