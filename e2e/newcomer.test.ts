// From nothing to something that runs, as a newcomer does it: the tour, followed by touch at 390 px and in Arabic by keyboard
// alone. The way without any tour, from an empty canvas to a second run, is wholeWay.test.ts.
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { draftsOf } from "./harness/drafts.ts";
import { choose } from "./harness/hands.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const { newWorkflow, open } = draftsOf(app);

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
  await choose(page, "بدء", /^بدء/);
  await card(page, "أضف خطوة");
  await canvas.focus();
  await key("Tab");
  await choose(page, "تعيين حقول", /^تعيين حقول/);
  await card(page, "احسب شيئًا");
  await shoot(page, "tour-1280-dark-ar");
  await assertAccessible(page, "the tour in Arabic");
  const add = page.getByRole("button", { name: "أضف حقلًا الحقول" });
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
