// Workflows as a person keeps them: none yet, imported from a paste and from files, found, run, duplicated, deleted.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const nodes = [
  { id: "start", type: "trigger.manual", config: {} },
  { id: "greet", type: "set", config: { fields: { greeting: "Hello {{ $json.name }}" } } },
];
const connections = [{ from: "start", to: "greet" }];

const yaml = `name: Order intake
description: Takes orders from the shop, reserves stock and writes the invoice
nodes:
  - id: start
    type: trigger.manual
    config: {}
  - id: greet
    type: set
    config:
      fields:
        greeting: "Hello {{ $json.name }}"
connections:
  - { from: start, to: greet }
`;

test("without workflows the page says what they are and begins one", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByRole("heading", { name: "No workflows yet" }).waitFor();
  await shoot(page, "workflows-empty-1280-light");
  await assertAccessible(page, "no workflows");
  await page.getByRole("button", { name: "Create a workflow" }).click();
  const dialog = page.getByRole("dialog", { name: "New workflow" });
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByText("Give it a name.").waitFor();
  await assertAccessible(page, "create");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.context().close();
});

test("an example becomes a workflow: from the empty list, and on a phone in Arabic from Home", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByRole("button", { name: "Start from an example" }).click();
  const dialog = page.getByRole("dialog", { name: "Start from an example" });
  await dialog.getByRole("button", { name: /^Support triage/ }).waitFor();
  await assertAccessible(page, "examples");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.context().close();

  const phone = await app.page({ language: "ar", theme: "dark", width: 390 });
  await phone.goto(app.url);
  await phone.getByRole("heading", { name: "أو ابدأ من مثال" }).waitFor();
  await shoot(phone, "home-examples-390-dark-ar");
  await assertAccessible(phone, "home with examples");
  await phone.getByRole("button", { name: /^فاتورة/ }).click();
  await phone.waitForURL(/\/workflows\/[0-9a-f-]{36}/);
  const id = phone.url().split("/").at(-1) as string;
  assert.equal(((await app.call("GET", `/api/v1/workflows/${id}`)) as { name: string }).name, "فاتورة");
  await app.call("DELETE", `/api/v1/workflows/${id}`);
  await phone.context().close();
});

test("a pasted definition is imported; one with problems is refused and says why", async () => {
  app.forgive(/422 \(Unprocessable/);
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByRole("button", { name: "Import", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Import workflows" });
  const paste = dialog.getByLabel("Or paste a definition");
  const send = dialog.getByRole("button", { name: "Import", exact: true });
  await paste.fill(yaml.replace("type: set", "type: nope"));
  await send.click();
  await dialog.getByRole("alert").getByText("nope").first().waitFor();
  await shoot(page, "import-refused-1280-light");
  await assertAccessible(page, "import");
  await paste.fill(yaml);
  await send.click();
  await page.getByText("“Order intake” was imported", { exact: true }).waitFor();
  await page.getByRole("row").filter({ hasText: "Order intake" }).getByText("Version 1").waitFor();
  await page.context().close();
});

test("several files are imported at once", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows?import=1`);
  const files = ["Weekly report", "Stock sync"].map((name) => ({
    name: `${name}.json`,
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify({ name, nodes, connections })),
  }));
  await page.locator("input[type=file]").setInputFiles(files);
  await page.getByText("2 workflows were imported", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Stock sync" }).waitFor();
  await page.context().close();
});

test("a workflow is put into a folder, tagged, and found there", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByRole("button", { name: "Actions for Stock sync", exact: true }).click();
  await page.getByRole("menuitem", { name: "Organise …" }).click();
  const dialog = page.getByRole("dialog", { name: "Organise “Stock sync”" });
  await dialog.getByLabel("Folder").fill("Stock / Nightly/");
  const tags = dialog.getByLabel("Tags");
  await tags.fill("prod");
  await tags.press("Enter");
  await dialog.getByRole("button", { name: "Remove the tag prod" }).waitFor();
  await tags.fill("warehouse");
  await assertAccessible(page, "organise");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Stock sync” was organised", { exact: true }).waitFor();
  await dialog.waitFor({ state: "detached" });
  const row = page.getByRole("row").filter({ hasText: "Stock sync" });
  await row.getByText("warehouse").waitFor();

  await page.getByRole("combobox", { name: "Folder" }).click();
  await page.getByRole("option", { name: /Nightly/ }).click();
  await page.getByRole("link", { name: "Weekly report" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("folder"), "Stock/Nightly");
  await page.goto(`${app.url}/workflows?tag=prod&folder=Stock`);
  await page.getByRole("link", { name: "Stock sync" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Weekly report" }).count(), 0);
  await shoot(page, "workflows-filed-1280-light");
  await assertAccessible(page, "filed workflows");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.getByRole("link", { name: "Weekly report" }).waitFor();
  assert.equal(new URL(page.url()).search, "");
  await page.context().close();
});

test("a workflow is found, run with an input, and its bar appears by itself", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByLabel("Search workflows").fill("order");
  await page.getByRole("link", { name: "Stock sync" }).waitFor({ state: "detached" });
  assert.match(page.url(), /search=order/);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Run Order intake" }).click();
  const dialog = page.getByRole("dialog", { name: "Run “Order intake”" });
  const input = dialog.getByLabel("Input");
  await input.fill("{ name: Ada }");
  await dialog.getByRole("button", { name: "Run" }).click();
  await dialog.getByText("This is not JSON").waitFor();
  await assertAccessible(page, "run");
  await input.fill('{ "name": "Ada" }');
  await dialog.getByRole("button", { name: "Run" }).click();
  await page.getByText("“Order intake” was started", { exact: true }).waitFor();
  await page.getByText("“Order intake” succeeded", { exact: true }).waitFor();
  await page.getByRole("img", { name: "The last execution, 0 failed" }).waitFor();
  await page.context().close();
});

test("a workflow is duplicated, exported and deleted", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  const act = async (name: string, action: string) => {
    await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await act("Stock sync", "Duplicate");
  await page.getByRole("link", { name: "Stock sync (copy)" }).waitFor();
  const download = page.waitForEvent("download");
  await act("Stock sync", "Export as YAML");
  assert.equal((await download).suggestedFilename(), "Stock sync.yaml");
  await act("Stock sync (copy)", "Delete");
  const question = page.getByRole("alertdialog", { name: "Delete “Stock sync (copy)”?" });
  await assertAccessible(page, "delete");
  await question.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Stock sync (copy)" }).waitFor({ state: "detached" });
  await page.context().close();
});

test("hundreds of workflows scroll, page by page, and the list holds in every look", async () => {
  const names = Array.from({ length: 150 }, (_, index) => `Nightly import ${String(index).padStart(3, "0")}`);
  await Promise.all(names.map((name) => app.call("POST", "/api/v1/workflows", { name, nodes, connections })));
  const failing = { id: "stop", type: "stop", config: { message: "No way.", code: "NO_WAY" } };
  await app.call("POST", "/api/v1/workflows", {
    name: "Customer onboarding",
    description: "Creates the account, waits for the signature",
    nodes: [nodes[0], failing],
    connections: [{ from: "start", to: "stop" }],
  });
  for (let run = 0; run < 6; run += 1)
    await app.call("POST", "/api/v1/workflows/Order%20intake/execute?wait=5", { name: "Ada" });
  await app.call("POST", "/api/v1/workflows/Customer%20onboarding/execute?wait=5", {});

  const looks = [
    { theme: "light", language: "en", width: 390 },
    { theme: "dark", language: "ar", width: 1280 },
  ] as const;
  for (const look of looks) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    await page.goto(`${app.url}/workflows`);
    await page.getByRole("link", { name: "Customer onboarding", exact: true }).waitFor();
    await page
      .getByRole("img", { name: /1 (failed|فشل)|فشل منها 1/ })
      .first()
      .waitFor({ state: look.width === 390 ? "hidden" : "visible" });
    const what = `workflows-${look.width}-${look.theme}-${look.language}`;
    await shoot(page, what);
    await assertAccessible(page, what);
    await page.context().close();
  }

  const page = await app.page();
  await page.goto(`${app.url}/workflows`);
  await page.getByRole("link", { name: "Customer onboarding" }).focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute("data-row-link")), true);
  const list = page.getByRole("table", { name: "Workflows" }).getByRole("rowgroup").last();
  await list.hover();
  const oldest = page.getByRole("link", { name: "Weekly report" });
  for (let turn = 0; turn < 60 && !(await oldest.isVisible()); turn += 1) {
    await page.mouse.wheel(0, 1_000);
    await page.waitForTimeout(50);
  }
  await oldest.waitFor();
  assert.ok((await page.getByRole("row").count()) < 60, "only what is visible is in the document");
  await page.context().close();
});
