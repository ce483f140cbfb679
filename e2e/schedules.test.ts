// Schedules as a person keeps them: the first one made with its fires in sight, fired, paused, backfilled, seen in the
// calendar.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const workflow = {
  name: "Morning report",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "say", type: "set", config: { fields: { text: "Report" } } },
  ],
  connections: [{ from: "start", to: "say" }],
};

test("the first schedule: a wrong rule says why, a right one shows its fires", async () => {
  app.forgive(/422 \(Unprocessable/);
  await app.call("POST", "/api/v1/workflows", workflow);
  const page = await app.page();
  await page.goto(`${app.url}/schedules`);
  await page.getByRole("heading", { name: "No schedules yet" }).waitFor();
  await assertAccessible(page, "no schedules");
  await page.getByRole("button", { name: "Create a schedule" }).click();
  const dialog = page.getByRole("dialog", { name: "New schedule" });
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await dialog.getByText("Give it a name.").waitFor();
  await dialog.getByLabel("Name").fill("Every morning");
  await dialog.getByRole("combobox", { name: "Workflow" }).click();
  await page.getByRole("option", { name: "Morning report" }).click();
  const rule = dialog.getByRole("textbox", { name: "Cron" });
  await rule.fill("0 9 * * FRX");
  await dialog.getByRole("alert").getByText("FRX").waitFor();
  await rule.fill("30 2 * * *");
  await dialog.getByLabel("Time zone").fill("Europe/Vienna");
  await dialog.getByRole("list").getByText("02:30", { exact: false }).first().waitFor();
  await shoot(page, "schedule-new-1280-light");
  await assertAccessible(page, "new schedule");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("“Every morning” was created", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Every morning" }).waitFor();
  await page.context().close();
});

test("fired by hand, paused and resumed from its sheet", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/schedules`);
  await page.getByRole("link", { name: "Every morning" }).click();
  const sheet = page.getByRole("dialog", { name: "Every morning" });
  await sheet.getByRole("button", { name: "Fire now" }).click();
  await sheet.getByText("Succeeded").waitFor();
  await sheet.getByText("By hand").waitFor();
  await shoot(page, "schedule-open-1280-light");
  await assertAccessible(page, "schedule");
  await sheet.getByRole("button", { name: "Pause" }).click();
  await sheet.getByText("Paused").waitFor();
  await sheet.getByRole("button", { name: "Resume" }).click();
  await sheet.getByText("Active").waitFor();
  await page.context().close();
});

test("changed, and what it does not show is kept", async () => {
  type Kept = { id: string; name: string; workflowId: string; cron: string; timezone: string };
  const { items } = await app.call<{ items: Kept[] }>("GET", "/api/v1/schedules");
  const before = items[0] as Kept;
  await app.call("PUT", `/api/v1/schedules/${before.id}`, {
    ...{ name: before.name, workflow: before.workflowId, cron: before.cron, timezone: before.timezone },
    ...{ input: { region: "north" }, excludeDates: ["12-25"] },
  });
  const page = await app.page();
  await page.goto(`${app.url}/schedules`);
  await page.getByRole("button", { name: "Actions for Every morning" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit “Every morning”" });
  await dialog.getByLabel("Pause after failures in a row").fill("3");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Every morning” was changed", { exact: true }).waitFor();
  const now = await app.call<Record<string, unknown>>("GET", `/api/v1/schedules/${before.id}`);
  assert.deepEqual(now.input, { region: "north" });
  assert.deepEqual(now.excludeDates, ["12-25"]);
  assert.equal(now.pauseAfterFailures, 3);
  await page.context().close();
});

test("backfill says how many; the calendar shows the coming weeks, in Arabic and on a phone too", async () => {
  await app.call("POST", "/api/v1/schedules", { name: "Pulse", workflow: "Morning report", interval: "5m" });
  const page = await app.page();
  await page.goto(`${app.url}/schedules`);
  await page.getByRole("button", { name: "Actions for Pulse" }).click();
  await page.getByRole("menuitem", { name: "Backfill" }).click();
  await assertAccessible(page, "backfill");
  await page.getByRole("dialog").getByRole("button", { name: "Start the backfill" }).click();
  await page
    .getByText(/28\d fires are being made up for/)
    .first()
    .waitFor();
  await page.getByRole("radio", { name: "Calendar" }).click();
  await page.getByRole("listitem").getByText("Every morning").first().waitFor();
  await page.getByText("288 times a day").waitFor();
  await shoot(page, "schedules-calendar-1280-light");
  await assertAccessible(page, "calendar");
  await page.context().close();
  const arabic = await app.page({ language: "ar", width: 390, theme: "dark" });
  await arabic.goto(`${app.url}/schedules`);
  await arabic.getByRole("link", { name: "Every morning" }).waitFor();
  await shoot(arabic, "schedules-390-dark-ar");
  await assertAccessible(arabic, "schedules in Arabic");
  await arabic.goto(`${app.url}/schedules?view=calendar`);
  await arabic.getByText("Every morning").first().waitFor();
  await shoot(arabic, "schedules-calendar-390-dark-ar");
  await assertAccessible(arabic, "calendar in Arabic");
  await arabic.context().close();
});

test("days off: a calendar is made, changed and kept while a schedule excludes it", async () => {
  app.forgive(/409 \(Conflict/);
  const page = await app.page();
  await page.goto(`${app.url}/schedules?view=off`);
  await page.getByRole("heading", { name: "No calendars yet" }).waitFor();
  await page.getByRole("button", { name: "New calendar" }).click();
  const dialog = page.getByRole("dialog", { name: "New calendar" });
  await dialog.getByLabel("Name").fill("holidays");
  await dialog.getByLabel("Day", { exact: true }).fill("2026-12-25");
  await dialog.getByRole("checkbox", { name: "Every year" }).click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByRole("button", { name: "Remove 12-25" }).waitFor();
  await assertAccessible(page, "calendar of days off");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("“holidays” was saved", { exact: true }).waitFor();
  await shoot(page, "schedules-off-1280-light");
  await assertAccessible(page, "days off");
  await app.call("POST", "/api/v1/schedules", {
    ...{ name: "Work days", workflow: "Morning report", cron: "0 8 * * *", excludeCalendars: ["holidays"] },
  });
  await page.getByRole("button", { name: "Delete holidays" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page
    .getByText(/Work days/)
    .first()
    .waitFor();
  await page.getByRole("heading", { name: "holidays" }).waitFor();
  await page.context().close();
});
