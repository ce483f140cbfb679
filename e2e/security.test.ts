// The audit log and the room of security as a person meets them: filters in the address, what became different, the verdict;
// an incident from opening to closing, with a workflow that is frozen meanwhile.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const workflow = {
  name: "Payments of the day",
  nodes: [{ id: "start", type: "trigger.manual", config: {} }],
  connections: [],
};
const made = await app.call<{ id: string }>("POST", "/api/v1/workflows", workflow);
await app.call("POST", `/api/v1/workflows/${made.id}/publish`);
await app.call("PUT", `/api/v1/workflows/${made.id}/draft`, { ...workflow, description: "Takes payments" });
await app.call("POST", "/api/v1/api-keys", { name: "reports", role: "viewer" });

test("somebody looks for what was changed, sees before and after, and checks the log", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/audit`);
  await page.getByRole("link", { name: "reports" }).waitFor();
  await assertAccessible(page, "audit");
  await page.getByRole("searchbox", { name: "Id of what it was about" }).fill(made.id);
  await page.getByRole("link", { name: "reports" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("object"), made.id);
  // The address alone leads back to it.
  await page.reload();
  await page.getByText("PUT /api/v1/workflows/:id/draft").waitFor();
  await page.getByRole("link", { name: "Payments of the day" }).first().click();
  const entry = page.getByRole("dialog");
  await entry.getByText("Takes payments").first().waitFor();
  await assertAccessible(page, "audit entry");
  await shoot(page, "audit-entry-1280-light");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Check the log" }).click();
  await page.getByText("Everything is as it was written.").waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  const copy = page.getByRole("dialog", { name: "Export the log" });
  const download = page.waitForEvent("download");
  await copy.getByRole("button", { name: "Save" }).first().click();
  assert.equal((await download).suggestedFilename(), "audit.jsonl");
  await assertAccessible(page, "audit export");
});

test("a name cannot turn the line around it, in the list and in the question about it", async () => {
  await app.call("POST", "/api/v1/api-keys", { name: "pay\u202egpj.exe", role: "viewer" });
  const page = await app.page();
  await page.goto(`${app.url}/security`);
  const name = page.locator("bdi", { hasText: /^pay\[U\+202E\]gpj\.exe$/ });
  const revoke = page.getByRole("button", { name: "Revoke" });
  await page.locator("div").filter({ has: name }).filter({ has: revoke }).last().locator(revoke).click();
  const question = page.getByRole("alertdialog", { name: "pay[U+202E]gpj.exe" });
  await question.waitFor();
  assert.ok(!((await question.textContent()) ?? "").includes("\u202e"));
  await page.context().close();
});

test("an incident is opened, a workflow frozen and let go, and it is closed with a report", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/incidents`);
  await page.getByRole("heading", { name: "A second factor is not required" }).waitFor();
  await assertAccessible(page, "security check");
  await shoot(page, "security-check-1280-light");
  await page.getByRole("button", { name: "Open an incident" }).click();
  const opening = page.getByRole("dialog", { name: "Open an incident" });
  await opening.getByLabel("What looks wrong").fill("Strange calls");
  await opening.getByRole("button", { name: "Open" }).click();
  const sheet = page.getByRole("dialog", { name: "Strange calls" });
  await sheet.getByRole("button", { name: "Freeze" }).click();
  const freezing = page.getByRole("dialog", { name: "Freeze" });
  await freezing.getByLabel("Name or id of the workflow").fill("Payments of the day");
  await freezing.getByRole("button", { name: "Freeze" }).click();
  await sheet.getByRole("button", { name: "Lift" }).waitFor();
  await assertAccessible(page, "incident");
  await shoot(page, "incident-1280-light");
  await assert.rejects(app.call("POST", `/api/v1/workflows/${made.id}/execute`, {}), /503 .*FROZEN/);
  await sheet.getByRole("button", { name: "Lift" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Lift" }).click();
  await sheet.getByRole("button", { name: "Lift" }).waitFor({ state: "detached" });
  await sheet.getByRole("button", { name: "Close the incident" }).click();
  const closing = page.getByRole("dialog", { name: "Close the incident" });
  await closing.getByLabel("What it was, and what follows from it").fill("A partner's new program.");
  await closing.getByRole("button", { name: "Close the incident" }).click();
  await sheet.getByText("Closed", { exact: true }).first().waitFor();
  const download = page.waitForEvent("download");
  await sheet.getByRole("button", { name: "Save the report" }).click();
  assert.match((await download).suggestedFilename(), /^incident-.*\.md$/);
});
