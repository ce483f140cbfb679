// From nothing to something that runs, as a newcomer does it: the tour, followed by mouse, by touch at 390 px and in
// Arabic by keyboard alone; and a webhook that asks a service, decides, computes and answers, without any tour.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startPracticeApi } from "@auraos/server/practiceApi/startPracticeApi.ts";
import type { Locator, Page } from "playwright-core";
import { draftsOf } from "./harness/drafts.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const practice = await startPracticeApi({ port: 0, host: "127.0.0.1", seed: "newcomer" });
after(() => practice.close());
const app = await openApp({ after }, { AURAOS_ALLOW_HOSTS: new URL(practice.url).host });
const { newWorkflow, draftOf, open } = draftsOf(app);

/** The card of the tour, by what it says at the moment. */
const card = (page: Page, title: string) => page.getByRole("heading", { name: title, exact: true }).waitFor();

test("the tour builds, runs and publishes a first workflow, by touch on a phone", async () => {
  const page = await app.page({ width: 390, height: 844, touch: true });
  await page.goto(app.url);
  await page.getByRole("button", { name: "Take the tour" }).tap();
  await card(page, "Choose how it starts");
  await assertAccessible(page, "the tour on a phone");
  await shoot(page, "tour-390-light");
  const panel = page.getByRole("complementary", { name: "Node" });
  await page.getByRole("button", { name: /^Start Starts/ }).tap();
  await card(page, "Add a step");
  await panel.getByRole("button", { name: "Close", exact: true }).tap();
  await page.getByRole("button", { name: "Add after main" }).tap();
  await page.getByRole("option", { name: /^Set fields/ }).tap();
  await card(page, "Compute something");
  await page.getByRole("button", { name: "Add a field Fields" }).tap();
  await page.getByLabel("New name: Fields").fill("greeting");
  await page.keyboard.press("Enter");
  await page.getByLabel("greeting", { exact: true }).fill('Hello {{ $json.name ?? "world" }}');
  await card(page, "Run it");
  await panel.getByRole("button", { name: "Close", exact: true }).tap();
  await page.getByRole("button", { name: "Run", exact: true }).tap();
  await card(page, "Publish it");
  await page.getByRole("button", { name: "More", exact: true }).tap();
  await page.getByRole("menuitem", { name: "Publish" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }).tap();
  await card(page, "Your first workflow runs");
  await shoot(page, "tour-done-390-light");
  await page.getByRole("link", { name: "See how it ran" }).tap();
  await page.getByText("Hello world").first().waitFor();
  await page.context().close();
});

test("the tour in Arabic, in the dark, by keyboard alone", async () => {
  const id = await newWorkflow("جولة");
  const page = await open(id, { language: "ar", theme: "dark" }, "?tour=1");
  const key = (name: string) => page.keyboard.press(name);
  const canvas = page.locator("#builder-canvas");
  await card(page, "اختر كيف يبدأ");
  await canvas.focus();
  await key("/");
  await page.keyboard.type("start");
  await key("Enter");
  await card(page, "أضف خطوة");
  await canvas.focus();
  await key("Tab");
  await page.keyboard.type("set fields");
  await key("Enter");
  await card(page, "احسب شيئًا");
  await shoot(page, "tour-1280-dark-ar");
  await assertAccessible(page, "the tour in Arabic");
  const add = page.getByRole("button", { name: "أضف حقلًا Fields" });
  await add.focus();
  await key("Enter");
  await page.keyboard.type("greeting");
  await key("Enter");
  const value = page.getByLabel("greeting", { exact: true });
  await value.focus();
  await page.keyboard.insertText('Hello {{ $json.name ?? "world" }}');
  await card(page, "شغّله");
  await key("Control+Enter");
  await card(page, "انشره");
  await key("Control+Shift+P");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "انشر", exact: true }).focus();
  await key("Enter");
  await card(page, "سير عملك الأول يعمل");
  await page.context().close();
});

test("a webhook that asks a service, decides, computes and answers, in at most 25 actions", async () => {
  const id = await newWorkflow("Colours");
  const page = await open(id);
  let actions = 0;
  const click = async (target: Locator) => {
    actions += 1;
    await target.click();
  };
  const write = async (label: string, text: string) => {
    actions += 1;
    await page.getByLabel(label, { exact: true }).fill(text);
  };
  const add = async (port: string, name: RegExp) => {
    await click(page.getByRole("button", { name: `Add after ${port}`, exact: true }).first());
    await click(page.getByRole("option", { name }).first());
  };
  await click(page.getByRole("button", { name: /^Webhook / }));
  await write("Path", "colours");
  await add("main", /^HTTP request/);
  await write("Url", `${practice.url}/echo?colour={{ $json.query.colour }}`);
  await add("main", /^If /);
  await write("Condition", "{{ $json.query.colour == 'blue' }}");
  await add("true", /^Code/);
  await write("Code", "return { answer: $items[0].json.query.colour.toUpperCase() };");
  await add("main", /^Respond/);
  await page.getByText("Draft saved").waitFor();
  await shoot(page, "builder-webhook-1280-light");
  await click(page.getByRole("button", { name: "Publish 1" }));
  await click(page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }));
  await page.getByRole("button", { name: "Published 1" }).waitFor();
  assert.ok(actions <= 25, `${actions} actions`);
  assert.deepEqual(
    (await draftOf(id)).nodes.map(({ type }) => type),
    ["trigger.webhook", "http", "if", "code", "respond"],
  );

  // It is called from outside, and seen while somebody looks.
  const watching = await app.page();
  await watching.goto(`${app.url}/executions`);
  await watching.getByText("Live", { exact: true }).waitFor();
  const answer = await fetch(`${app.url}/hooks/colours?colour=blue`, { method: "POST" });
  assert.equal(answer.status, 200, await answer.text());
  await watching.getByRole("row").filter({ hasText: "Colours" }).getByText("Succeeded").waitFor();
  await watching.context().close();
  await page.context().close();
});
