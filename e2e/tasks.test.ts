// Tasks and pools as a person keeps them: a template installed, one made after another, run, seen to wait and why.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });

test("without tasks the page says what they are; a template is installed and runs", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/tasks`);
  await page.getByRole("heading", { name: "No tasks yet" }).waitFor();
  await assertAccessible(page, "no tasks");
  await page.getByRole("button", { name: "Templates" }).first().click();
  await page.getByRole("button", { name: /Clean-up/ }).click();
  const dialog = page.getByRole("dialog", { name: "Clean-up" });
  await dialog.getByLabel("folder").fill("old");
  await dialog.getByRole("button", { name: "Install" }).click();
  await page.getByText("“Clean-up” was created", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Clean-up" }).waitFor();
  await page.context().close();
});

test("a script after another task runs in its flow; the graph shows what hangs on what", async () => {
  const make = (name: string, more: object) =>
    app.call("POST", "/api/v1/tasks", {
      name,
      run: { kind: "script", code: "return { ok: true };" },
      ...more,
    });
  await make("Fetch orders", { estimatedSeconds: 60 });
  await make("Fetch prices", {});
  await make("Join both", { dependencies: [{ task: "Fetch orders" }, { task: "Fetch prices" }] });
  await make("Tell on failure", { dependencies: [{ task: "Fetch orders", on: "failure" }] });
  const page = await app.page();
  await page.goto(`${app.url}/tasks`);
  await page.getByRole("button", { name: "New task" }).click();
  const dialog = page.getByRole("dialog", { name: "New task" });
  await dialog.getByLabel("Name").fill("Publish report");
  await dialog.getByRole("radio", { name: "Script" }).click();
  await dialog.getByRole("button", { name: "Add a task that comes first" }).click();
  await dialog.getByRole("combobox", { name: "Task 1 that comes first" }).click();
  await page.getByRole("option", { name: "Join both" }).click();
  await assertAccessible(page, "new task");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("“Publish report” was created", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Actions for Fetch orders" }).click();
  await page.getByRole("menuitem", { name: "Run now" }).click();
  await page
    .getByText(/“Fetch orders” was started, \d tasks in all/)
    .first()
    .waitFor();
  await page.getByRole("radio", { name: "Dependencies" }).click();
  await page.getByRole("button", { name: /Publish report/ }).waitFor();
  await shoot(page, "tasks-graph-1280-light");
  await assertAccessible(page, "graph");
  await page.getByRole("button", { name: /Fetch orders/ }).click();
  const sheet = page.getByRole("dialog", { name: "Fetch orders" });
  // The first script of a server starts its worker.
  await sheet.getByText("Succeeded").first().waitFor({ timeout: 120_000 });
  await shoot(page, "task-open-1280-light");
  await assertAccessible(page, "task");
  await page.context().close();
});

test("a pool that is full says who waits and why, in Arabic and on a phone too", async () => {
  await app.call("PUT", "/api/v1/pools/database", { slots: 1, rate: { count: 100, seconds: 60 } });
  for (const [index, name] of ["Nightly import", "Index rebuild", "Export for the shop"].entries()) {
    const run = { kind: "node", type: "wait", config: { for: "duration", seconds: 600 } };
    const task = await app.call<{ id: string }>("POST", "/api/v1/tasks", {
      ...{ name, run, resources: { database: 1 }, priority: index * 5 },
    });
    await app.call("POST", `/api/v1/tasks/${task.id}/execute`, {});
  }
  const page = await app.page();
  await page.goto(`${app.url}/pools`);
  await page
    .getByText(/1 of 1 places of “database” are taken/)
    .first()
    .waitFor();
  await shoot(page, "pools-1280-light");
  await assertAccessible(page, "pools");
  await page.getByRole("button", { name: "New pool" }).click();
  await assertAccessible(page, "new pool");
  await page.goto(`${app.url}/tasks?view=waiting`);
  await page
    .getByText(/places of “database” are taken/)
    .first()
    .waitFor();
  await shoot(page, "tasks-waiting-1280-light");
  await assertAccessible(page, "waiting");
  await page.getByRole("button", { name: "Improve the order" }).click();
  await page.getByRole("dialog", { name: "A better order" }).waitFor();
  await assertAccessible(page, "optimize");
  await page.context().close();
  for (const place of ["tasks", "pools"]) {
    const arabic = await app.page({ language: "ar", width: 390, theme: "dark" });
    await arabic.goto(`${app.url}/${place}`);
    await arabic.getByText("Index rebuild").first().waitFor();
    await shoot(arabic, `${place}-390-dark-ar`);
    await assertAccessible(arabic, `${place} 390`);
    await arabic.context().close();
  }
});

test("a task is edited from its sheet and keeps what the dialog does not show; then it is deleted", async () => {
  const made = await app.call<{ id: string }>("POST", "/api/v1/tasks", {
    ...{ name: "Old name", run: { kind: "script", code: "return 1;" }, owner: "ops", onUnmet: "run" },
    ...{
      dependencies: [{ task: "Fetch prices" }],
      schedule: { cron: "0 6 * * *", timezone: "Europe/Vienna" },
    },
  });
  const page = await app.page();
  await page.goto(`${app.url}/tasks?open=${made.id}`);
  const sheet = page.getByRole("dialog", { name: "Old name" });
  await sheet.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Edit “Old name”" });
  await dialog.getByLabel("Name").fill("New name");
  await dialog.getByRole("combobox", { name: "What task 1 must have come to" }).click();
  await page.getByRole("option", { name: "in any case" }).click();
  await dialog.getByLabel("Must start within (minutes)").fill("30");
  await shoot(page, "task-edit-1280-light");
  await assertAccessible(page, "edit task");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("“New name” was saved", { exact: true }).waitFor();
  const stored = await app.call<Record<string, unknown>>("GET", `/api/v1/tasks/${made.id}`);
  assert.deepEqual(
    [stored.name, stored.owner, stored.onUnmet, stored.deadlineSeconds],
    ["New name", "ops", "run", 1800],
  );
  assert.equal((stored.dependencies as { on: string }[])[0]?.on, "completion");
  assert.equal((stored.schedule as { timezone: string }).timezone, "Europe/Vienna");
  await page.getByRole("dialog", { name: "New name" }).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("“New name” was deleted", { exact: true }).waitFor();
  await page.context().close();
});

test("limits of a workflow are set; a start that waits for the pool says so on its page", async () => {
  app.forgive(/422 \(Unprocessable/);
  await app.call("PUT", "/api/v1/pools/printer", { slots: 1 });
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: "Print",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "hold", type: "wait", config: { for: "signal", signal: "go" } },
    ],
    connections: [{ from: "start", to: "hold" }],
  });
  await app.call("POST", `/api/v1/workflows/${id}/publish`, {});
  const page = await app.page();
  await page.goto(`${app.url}/pools?view=limits`);
  await page.getByRole("heading", { name: "No workflow has limits" }).waitFor();
  await assertAccessible(page, "no limits");
  await page.getByRole("button", { name: "Set limits" }).click();
  const dialog = page.getByRole("dialog", { name: "Limits of a workflow" });
  await dialog.getByRole("combobox", { name: "Workflow" }).click();
  await page.getByRole("option", { name: "Print" }).click();
  await dialog.getByRole("combobox", { name: "Pool" }).click();
  await page.getByRole("option", { name: "printer" }).click();
  await dialog.getByLabel("Shares by").fill("{{ $json. }}");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Shares by").fill("{{ $json.customer }}");
  await assertAccessible(page, "limits");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The limits hold", { exact: true }).waitFor();
  await page.getByText("pool printer: 1").waitFor();
  await shoot(page, "limits-1280-light");
  const start = () => app.call<{ id: string }>("POST", `/api/v1/workflows/${id}/execute`, {});
  const first = await start();
  const second = await start();
  await page.goto(`${app.url}/executions/${second.id}`);
  await page.getByText(/1 of 1 places of “printer” are taken/).waitFor();
  await shoot(page, "execution-queued-1280-light");
  await assertAccessible(page, "queued execution");
  await app.call("POST", `/api/v1/executions/${first.id}/signal`, { name: "go" });
  await page.getByText(/places of “printer” are taken/).waitFor({ state: "detached" });
  await page.context().close();
});
