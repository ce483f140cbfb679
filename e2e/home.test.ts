// Home as a person meets it: the first minute, the verdict, what needs them, and the way from every number to what it
// counts.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, assertNotTooWide, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });

test("the first minute: an example is made, run and asks the person at once", async () => {
  const page = await app.page();
  await page.goto(app.url);
  await page.getByRole("heading", { name: "Welcome to AuraOS" }).waitFor();
  await shoot(page, "home-first-1280-light");
  await assertAccessible(page, "first run");
  await page.getByRole("button", { name: "Run the example" }).click();
  await page.getByRole("heading", { name: "Example: expenses" }).waitFor();
  const card = page.getByRole("article").filter({ hasText: "Björn spent 1890 on laptop" });
  await card.waitFor();

  await page.getByRole("navigation").getByRole("link", { name: "Home" }).click();
  await page.getByRole("heading", { name: /One thing needs you\./ }).waitFor();
  await page.getByRole("link", { name: "Review: Björn spent 1890 on laptop" }).click();
  await card.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Succeeded").first().waitFor();
  await page.context().close();
});

test("the verdict changes by itself, and its numbers lead to the executions they count", async () => {
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: "Customer onboarding",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "stop", type: "stop", config: { message: "The tax number is missing.", code: "VAT_MISSING" } },
    ],
    connections: [{ from: "start", to: "stop" }],
  });
  const page = await app.page();
  await page.goto(app.url);
  await page.getByRole("heading", { name: /Work is flowing\. Nothing needs you\./ }).waitFor();
  for (let index = 0; index < 4; index += 1)
    await app.call("POST", `/api/v1/workflows/${id}/execute?wait=10`, {});
  await page.getByRole("heading", { name: /Some work is failing\./ }).waitFor();
  const causes = page.getByRole("region", { name: "Failures by cause" });
  await causes.getByText("4×").waitFor();
  await causes.getByRole("link", { name: "The tax number is missing." }).click();
  await page.getByRole("heading", { name: "Executions", level: 1 }).waitFor();
  const rows = page.getByRole("link", { name: "Customer onboarding" });
  await rows.nth(3).waitFor();
  assert.equal(await rows.count(), 4);
  await page.goBack();
  await page.getByRole("radio", { name: "1 hour" }).click();
  await page.getByText(/5 executions in the last hour, 20% succeeded\./).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("range"), "1h");
  await page.context().close();
});

test("axe finds nothing in any theme or language, and nothing needs scrolling sideways", async () => {
  for (const look of [
    { theme: "light", language: "en", width: 390 },
    { theme: "dark", language: "ar", width: 1280 },
  ] as const) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    await page.goto(app.url);
    await page.getByRole("heading", { level: 2 }).nth(3).waitFor();
    const what = `home-${look.width}-${look.theme}-${look.language}`;
    await shoot(page, what);
    await assertAccessible(page, what);
    await assertNotTooWide(page, what);
    await page.context().close();
  }
});
