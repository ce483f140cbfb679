// Data as a person meets it: a table with typed columns, its rows by hand and by file, and variables that workflows read.
import assert from "node:assert/strict";
import { text as textOf } from "node:stream/consumers";
import { after, test } from "node:test";
import { assertAccessible, assertNotTooWide, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
app.forgive(/422 \(Unprocessable/);
app.forgive(/409 \(Conflict/);

test("the first table: columns with types, rows by hand, changed, sorted and deleted", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/data`);
  await page.getByRole("heading", { name: "No tables yet" }).waitFor();
  await assertAccessible(page, "no tables");
  await page.getByRole("main").getByRole("button", { name: "New table" }).click();
  const form = page.getByRole("dialog", { name: "New table" });
  // What is missing is said at its field, and the first one gets the focus.
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByText("This is needed.").nth(1).waitFor();
  await form.locator("[aria-invalid=true]:focus").waitFor();
  await form.getByLabel("Name", { exact: true }).fill("Customers");
  const columns = [
    ["Email", "Text"],
    ["Orders", "Number"],
    ["VIP", "Yes or no"],
    ["Since", "Time"],
    ["Notes", "JSON"],
  ] as const;
  for (const [index, [name, type]] of columns.entries()) {
    if (index > 0) await form.getByRole("button", { name: "Add a column" }).click();
    await form.getByLabel(`Name of column ${index + 1}`).fill(name);
    await form.getByLabel(`Type of column ${index + 1}`).click();
    await page.getByRole("option", { name: type, exact: true }).click();
  }
  await form.getByLabel("Required").first().click();
  await form.getByLabel("Unique").first().click();
  await shoot(page, "data-new-table-1280-light");
  await assertAccessible(page, "new table");
  await form.getByRole("button", { name: "Create" }).click();

  await page.getByRole("heading", { name: "Customers" }).waitFor();
  await page.getByRole("heading", { name: "No rows yet" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "New row" }).click();
  const row = page.getByRole("dialog", { name: "New row" });
  await row.getByLabel("Orders").fill("many");
  await row.getByRole("button", { name: "Save" }).click();
  await row.getByText("Every row needs a value here.").waitFor();
  await row.getByText("This is no number.").waitFor();
  await row.getByLabel("Email").fill("ada@example.com");
  await row.getByLabel("Orders").fill("12.123456");
  await row.getByLabel("VIP").click();
  await page.getByRole("option", { name: "Yes" }).click();
  await row.getByLabel("Since").fill("2026-01-02T03:04");
  await row.getByLabel("Notes").fill('{"likes": ["tea"]}');
  await shoot(page, "data-new-row-1280-light");
  await assertAccessible(page, "new row");
  await row.getByRole("button", { name: "Save" }).click();
  const table = page.getByRole("table", { name: "Rows of Customers" });
  await table.getByText("12.123456").waitFor();
  await table.getByText('{"likes":["tea"]}').waitFor();

  await page.getByRole("button", { name: "New row" }).click();
  await row.getByLabel("Email").fill("ada@example.com");
  await row.getByRole("button", { name: "Save" }).click();
  await row.getByRole("alert").waitFor();
  await row.getByLabel("Email").fill("bob@example.com");
  await row.getByLabel("Orders").fill("3");
  await row.getByRole("button", { name: "Save" }).click();
  await table.getByText("bob@example.com").waitFor();
  await table.getByRole("button", { name: "Orders" }).click();
  await page.waitForFunction(() =>
    /bob.*ada/s.test(document.querySelector('[role="table"]')?.textContent ?? ""),
  );

  await table.getByRole("button", { name: "Change row 2" }).click();
  const change = page.getByRole("dialog", { name: "Change row 2" });
  await change.getByLabel("Orders").fill("4");
  await change.getByRole("button", { name: "Save" }).click();
  await table.getByText("4", { exact: true }).waitFor();
  await shoot(page, "data-rows-1280-light");
  await assertAccessible(page, "rows");
  await table.getByRole("button", { name: "Delete row 1" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await table.getByText("ada@example.com").waitFor({ state: "detached" });
  await page.context().close();
});

test("rows come from a file, all or none, and go into one", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/data`);
  await page.getByRole("link", { name: "Customers" }).click();
  const menu = page.getByRole("button", { name: "What can be done with “Customers”" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Import a CSV file" }).click();
  const form = page.getByRole("dialog", { name: "Import a CSV file" });
  const take = (text: string) =>
    form
      .locator('input[type="file"]')
      .setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await take("Email;Orders\ncleo@example.com;x\n");
  await form.getByLabel("Values are separated by").click();
  await page.getByRole("option", { name: "Semicolons" }).click();
  await form.getByRole("button", { name: "Import", exact: true }).click();
  await form.getByRole("alert").waitFor();
  await shoot(page, "data-import-1280-light");
  await assertAccessible(page, "import");
  await take("Email;Orders\ncleo@example.com;7\nbob@example.com;8\n");
  await form.getByLabel("Rows that are there already").click();
  await page.getByRole("option", { name: "Email" }).click();
  await form.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByText("1 rows added, 1 changed").first().waitFor();
  await page.getByText("cleo@example.com").waitFor();

  await menu.click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export as CSV" }).click(),
  ]);
  assert.equal(file.suggestedFilename(), "Customers.csv");
  const text = await textOf(await file.createReadStream());
  assert.match(text, /bob@example.com,8/);
  assert.match(text, /cleo@example.com,7/);
  await page.context().close();
});

test("a table deleted from its own page is gone, and nobody asks for it again", async () => {
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/tables", {
    name: "Left over",
    columns: [{ name: "word", type: "text" }],
  });
  await app.call("POST", `/api/v1/tables/${id}/rows`, { rows: [{ word: "last" }] });
  const page = await app.page();
  await page.goto(`${app.url}/data?open=${id}`);
  await page.getByRole("table", { name: "Rows of Left over" }).getByText("last").waitFor();
  await page.getByRole("button", { name: "What can be done with “Left over”" }).click();
  await page.getByRole("menuitem", { name: "Delete the table" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("“Left over” was deleted").first().waitFor();
  await page.getByText("Customers").first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("open"), null);
  // A question for it would have been answered with 404, which fails this file at its end.
  await page.context().close();
});

test("a variable is made, read by a workflow, changed and deleted", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/data?view=variables`);
  await page.getByRole("heading", { name: "No variables yet" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "New variable" }).click();
  const form = page.getByRole("dialog", { name: "New variable" });
  await form.getByLabel("Name", { exact: true }).fill("limits");
  await form.getByLabel("Value", { exact: true }).fill('{"daily": 5}');
  await form.getByText("Object", { exact: true }).waitFor();
  await form.getByLabel("Description").fill("How much a day may take");
  await shoot(page, "data-new-variable-1280-light");
  await assertAccessible(page, "new variable");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("table", { name: "Variables" }).getByText('{"daily":5}').waitFor();

  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: "Reads a variable",
    nodes: [
      { id: "start", type: "trigger.manual", config: { input: { order: 1 } } },
      { id: "read", type: "set", config: { fields: { daily: "{{ $vars.limits.daily }}" } } },
    ],
    connections: [{ from: "start", to: "read" }],
  });
  const run = async () =>
    (await app.call<{ output: { daily: number } }>("POST", `/api/v1/workflows/${id}/execute?wait=20`, {}))
      .output.daily;
  assert.equal(await run(), 5);
  await page.getByRole("button", { name: "Change limits" }).click();
  const change = page.getByRole("dialog", { name: "Change limits" });
  await change.getByLabel("Value", { exact: true }).fill('{"daily": 6}');
  await change.getByRole("button", { name: "Save" }).click();
  await page.getByText('{"daily":6}').waitFor();
  assert.equal(await run(), 6);

  // The builder shows what an expression gives with the value of now.
  const builder = await app.page();
  await builder.goto(`${app.url}/workflows/${id}?node=read`);
  await builder.locator('[id$="-preview"]').getByText("6", { exact: true }).waitFor();
  await builder.context().close();
  await page.getByRole("button", { name: "Delete limits" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "No variables yet" }).waitFor();
  await page.context().close();
});

test("it is whole in every language, theme and width", async () => {
  await app.call("PUT", "/api/v1/variables/region", { value: "eu", description: "Where we sell" });
  await app.call("PUT", "/api/v1/variables/hosts", { value: ["a.example.com", "b.example.com"] });
  const { items } = await app.call<{ items: { id: string }[] }>("GET", "/api/v1/tables");
  const looks = [
    { theme: "light", language: "en", width: 390 },
    { theme: "dark", language: "ar", width: 1280 },
  ] as const;
  const views = [
    ["tables", "/data"],
    ["rows", `/data?open=${items[0]?.id}`],
    ["variables", "/data?view=variables"],
  ] as const;
  for (const look of looks) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    for (const [name, path] of views) {
      await page.goto(app.url + path);
      await page.getByRole("table").getByRole("row").nth(1).waitFor();
      const what = `data-${name}-${look.width}-${look.theme}-${look.language}`;
      await shoot(page, what);
      await assertAccessible(page, what);
      await assertNotTooWide(page, what);
    }
    await page.context().close();
  }
});
