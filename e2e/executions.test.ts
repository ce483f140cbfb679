// Executions as a person meets them: find one, see why it failed, answer what waits, try again, run again with another
// input, all of it live. Real executions on a real server.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, assertNotTooWide, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const app = await openApp({ after });
const start = { id: "start", type: "trigger.manual", name: "Order received", config: {} };
/** What everyPage.test.ts leaves: with it, each theme, language and width is seen with each other. */
const looks = [
  { theme: "light", language: "en", width: 390 },
  { theme: "dark", language: "ar", width: 1280 },
] as const;

type Made = { id: string };
type Started = { id: string; status: string };

const make = async (name: string, nodes: object[], connections: object[]) =>
  (await app.call<Made>("POST", "/api/v1/workflows", { name, nodes: [start, ...nodes], connections })).id;
const execute = async (workflow: string, input: unknown, wait = 10) =>
  (await app.call<Started>("POST", `/api/v1/workflows/${workflow}/execute?wait=${wait}`, input)).id;

const greet = await make(
  "Greeting",
  [
    {
      id: "split",
      type: "foreach",
      name: "Each name",
      config: { items: "{{ $json.names.map((name) => ({ name })) }}" },
    },
    {
      id: "hello",
      type: "set",
      name: "Say hello",
      parent: "split",
      config: { fields: { text: "Hello {{ $json.name }}" } },
    },
    { id: "all", type: "aggregate", name: "All greetings", config: { into: "greetings" } },
  ],
  [
    { from: "start", to: "split" },
    { from: "split", port: "done", to: "all" },
  ],
);
const onboard = await make(
  "Customer onboarding",
  [
    { id: "keep", type: "set", name: "Keep customer", config: { fields: { seen: true } } },
    {
      id: "vat",
      type: "set",
      name: "Read tax number",
      config: { fields: { vat: "{{ $json.vat.toUpperCase() }}" } },
    },
  ],
  [
    { from: "start", to: "keep" },
    { from: "keep", to: "vat" },
  ],
);
const refund = await make(
  "Refund",
  [
    {
      id: "ask",
      type: "approval",
      name: "Ask finance",
      config: {
        title: "Refund {{ $json.amount }} EUR?",
        message: "The goods came back.",
        assignees: ["finance"],
        form: {
          type: "object",
          required: ["reason"],
          properties: {
            reason: { type: "string", title: "Reason" },
            amount: { type: "number", title: "Amount" },
            how: { type: "string", title: "Paid back by", enum: ["card", "bank"] },
          },
        },
      },
    },
    { id: "yes", type: "set", name: "Refunded", config: { fields: { said: "yes" } } },
  ],
  [
    { from: "start", to: "ask" },
    { from: "ask", port: "approved", to: "yes" },
  ],
);
const charge = await make(
  "Charge card",
  [
    {
      id: "charge",
      type: "http",
      name: "Charge",
      config: { url: "http://127.0.0.1:1/" },
      errorHandling: { onError: "park", retry: { attempts: 1 } },
    },
    { id: "receipt", type: "set", name: "Receipt", config: { fields: { done: true } } },
  ],
  [
    { from: "start", to: "charge" },
    { from: "charge", to: "receipt" },
  ],
);

test("before anything ran, the list says what it is for", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/executions`);
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await shoot(page, "executions-empty-1280-light");
  await assertAccessible(page, "empty list");
  await page.context().close();
});

test("new rows appear by themselves, filters live in the address, a row is a link", async () => {
  const page = await app.page();
  await execute(greet, { names: ["Ada"] });
  await page.goto(`${app.url}/executions`);
  const table = page.getByRole("table", { name: "Executions" });
  await table.getByRole("link", { name: "Greeting" }).waitFor();
  await execute(onboard, { customer: "Ada" });
  await table.getByRole("link", { name: "Customer onboarding" }).waitFor();
  await table.getByText("Failed").waitFor();

  await page.getByRole("button", { name: "Status: Any status" }).click();
  await page.getByRole("checkbox", { name: "Failed" }).click();
  await page.keyboard.press("Escape");
  await table.getByRole("link", { name: "Greeting" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("status"), "failed");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("searchbox", { name: "Search in input, output, errors" }).fill("hello ada");
  await table.getByRole("link", { name: "Customer onboarding" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("search"), "hello ada");
  await table.getByRole("link", { name: "Greeting" }).click();
  await page.getByRole("heading", { name: "Greeting", level: 1 }).waitFor();
  await page.goBack();
  await table.getByRole("link", { name: "Greeting" }).waitFor();

  await page.getByRole("searchbox").fill("no such thing anywhere");
  await page.getByText("No execution matches these filters.").waitFor();
  await page.context().close();
});

test("filters that change one upon another all count, on a slow machine too", async () => {
  const page = await app.page();
  const slow = await page.context().newCDPSession(page);
  await page.goto(`${app.url}/executions?status=succeeded`);
  const table = page.getByRole("table", { name: "Executions" });
  await table.getByRole("link", { name: "Greeting" }).waitFor();
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 20 });
  await page.evaluate(() => {
    const search = document.querySelector<HTMLInputElement>("input[type=search]");
    const clear = [...document.querySelectorAll("button")].find(
      ({ textContent }) => textContent === "Clear filters",
    );
    if (!search || !clear) throw new Error("The filters are not there.");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(search, "customer");
    search.dispatchEvent(new Event("input", { bubbles: true }));
    clear.click();
  });
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await page.waitForFunction(() => !location.search.includes("status"));
  await table.getByRole("link", { name: "Customer onboarding" }).waitFor();
  await page.context().close();
});

test("a failure says what, where and what to do; the timeline and the data lead to it", async () => {
  const id = await execute(onboard, { customer: "Ada" });
  const page = await app.page();
  await page.goto(`${app.url}/executions/${id}`);
  const why = page.getByRole("region", { name: "Why it failed" });
  await why.getByText("NULL_READ").waitFor();
  await why.getByRole("button", { name: "Show “Read tax number”" }).click();
  const data = page.getByRole("complementary", { name: "Data" });
  await data.getByRole("heading", { name: "Read tax number" }).waitFor();
  await data.getByRole("tab", { name: "Input" }).click();
  await data.getByText('"Ada"').waitFor();
  await data.getByRole("radio", { name: "Table" }).click();
  await data.getByRole("columnheader", { name: "customer" }).waitFor();
  await page.getByRole("radio", { name: "Graph" }).click();
  await page
    .getByRole("region", { name: "The workflow, with how each step fared" })
    .getByText("Keep customer")
    .waitFor();
  assert.equal(new URL(page.url()).searchParams.get("run"), "vat");
  await page.context().close();
});

test("the data of a step beside that of another iteration, field by field", async () => {
  const id = await execute(greet, { names: ["Ada", "Grace"] });
  const page = await app.page();
  await page.goto(`${app.url}/executions/${id}?run=${encodeURIComponent("split#0/hello")}`);
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByText("2 differences", { exact: true }).waitFor();
  await page.getByText('− "Hello Grace"').waitFor();
  await page.getByText('+ "Hello Ada"').waitFor();
  await shoot(page, "execution-compare-1280-light");
  await assertAccessible(page, "a comparison");
  await page.context().close();
});

test("what code wrote is shown with the attempt that wrote it, after a failure too", async () => {
  const writer = await make(
    "Writer",
    [
      {
        id: "write",
        type: "code",
        name: "Write",
        config: {
          code: 'console.log("total", { sum: 41 }); if ($items[0].json.bad) throw new Error("no"); return { ok: true };',
        },
      },
    ],
    [{ from: "start", to: "write" }],
  );
  const page = await app.page();
  for (const input of [{}, { bad: true }]) {
    const id = await execute(writer, input, 60);
    await page.goto(`${app.url}/executions/${id}?run=write`);
    await page.getByRole("tab", { name: "Log 1" }).click();
    await page.getByRole("region", { name: "Log of attempt 1" }).getByText('total {"sum":41}').waitFor();
  }
  await assertAccessible(page, "a log");
  await page.context().close();
});

test("run again from a step with edited input: a new execution that takes over what stood before", async () => {
  const id = await execute(onboard, { customer: "Ada" });
  const page = await app.page();
  await page.goto(`${app.url}/executions/${id}`);
  const data = page.getByRole("complementary", { name: "Data" });
  await data.getByRole("button", { name: "Edit input first" }).click();
  const dialog = page.getByRole("dialog", { name: "Run again" });
  const editor = dialog.getByRole("textbox", { name: "Input" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("{ nonsense");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await dialog
    .getByText(/This is not JSON/)
    .first()
    .waitFor();
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{"customer": "Ada", "vat": "atu1"}');
  await shoot(page, "rerun-1280-light");
  await assertAccessible(page, "run again");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Run again of").waitFor();
  await page.getByText("Succeeded").first().waitFor();
  await page
    .getByRole("list", { name: "Steps in order of their start" })
    .getByText("Taken over")
    .first()
    .waitFor();
  assert.notEqual(new URL(page.url()).pathname, `/executions/${id}`);
  await page.context().close();
});

test("an approval is answered in the page, with its form, and the page goes on by itself", async () => {
  const id = await execute(refund, { amount: 5 }, 0);
  const page = await app.page();
  await page.goto(`${app.url}/executions/${id}`);
  const card = page.getByRole("article").filter({ hasText: "Refund 5 EUR?" });
  await card.getByRole("button", { name: "Approve" }).click();
  await card.getByText("This is needed.").waitFor();
  await card.getByLabel("Reason").fill("damaged");
  await card.getByLabel("Amount").fill("five");
  await card.getByText("This is not a number.").waitFor();
  await card.getByLabel("Amount").fill("5");
  await shoot(page, "approval-1280-light");
  await assertAccessible(page, "approval");
  await card.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Succeeded").first().waitFor();
  await card.waitFor({ state: "detached" });
  const shown = await app.call<{ timeline: { run: string; itemsOut: object }[] }>(
    "GET",
    `/api/v1/executions/${id}`,
  );
  assert.ok(shown.timeline.some(({ run }) => run === "yes"));
  await page.context().close();
});

test("a parked step: its output is given by hand, and the rest goes on", async () => {
  const id = await execute(charge, { amount: 5 }, 0);
  const page = await app.page({ theme: "dark" });
  await page.goto(`${app.url}/executions/${id}`);
  const card = page.getByRole("article").filter({ hasText: "“Charge” stopped until you decide" });
  await card.waitFor();
  await shoot(page, "parked-1280-dark");
  await assertAccessible(page, "parked");
  await card.getByRole("button", { name: "Give its output…" }).click();
  const dialog = page.getByRole("dialog", { name: "The output of “Charge”" });
  await dialog.getByRole("textbox").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{"paid": true}');
  await dialog.getByRole("button", { name: "Give this output" }).click();
  await page.getByText("Succeeded").first().waitFor();
  await page.context().close();
});

test("many at once: retry the failed, cancel the open, with what came of each", async () => {
  const open = await execute(refund, { amount: 7 }, 0);
  const page = await app.page();
  await page.goto(`${app.url}/executions`);
  const table = page.getByRole("table", { name: "Executions" });
  await table.getByRole("link", { name: "Refund" }).first().waitFor();
  await page.getByRole("checkbox", { name: "Select all that are loaded" }).click();
  const bar = page.getByRole("region", { name: "Selected executions" });
  await shoot(page, "executions-selected-1280-light");
  await bar.getByRole("button", { name: /^Cancel \d/ }).click();
  await page.getByRole("button", { name: "Cancel them" }).click();
  const result = page.getByRole("dialog", { name: "Cancelled" });
  await result.getByText(/0 refused/).waitFor();
  await result.getByRole("button", { name: "Close" }).last().click();
  await until(async () => (await statusOf(open)) === "cancelled");

  await page.goto(`${app.url}/executions?status=failed`);
  await page.getByRole("checkbox", { name: "Select Customer onboarding" }).first().click();
  await bar.getByRole("button", { name: "Retry 1" }).click();
  await page.getByRole("button", { name: "Retry them" }).click();
  const retried = page.getByRole("dialog", { name: "Retried" });
  await retried.getByRole("link", { name: "Open the new one" }).click();
  await page.getByText("Run again of").waitFor();
  await page.context().close();
});

test("axe finds nothing in any theme or language, and nothing needs scrolling sideways", async () => {
  const names = Array.from({ length: 12 }, (_, index) => ["Ada", "Björn", `n${index}`]);
  await Promise.all(names.map((names) => execute(greet, { names })));
  const looped = await execute(greet, { names: ["Ada", "Björn", "Chloé"] });
  const failed = await execute(onboard, { customer: "Ada" });
  const waiting = await execute(refund, { amount: 12 }, 0);
  const pages = [
    ["executions", "/executions"],
    ["execution-loop", `/executions/${looped}`],
    ["execution-graph", `/executions/${looped}?view=graph`],
    ["execution-failed", `/executions/${failed}`],
    ["execution-waiting", `/executions/${waiting}`],
  ] as const;
  for (const look of looks) {
    const page = await app.page({ ...look, touch: look.width === 390 });
    for (const [name, path] of pages) {
      await page.goto(app.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("[role=status][aria-label]").waitFor({ state: "detached" });
      const what = `${name}-${look.width}-${look.theme}-${look.language}`;
      await shoot(page, what);
      await assertAccessible(page, what);
      await assertNotTooWide(page, what);
    }
    await page.context().close();
  }
});

async function statusOf(id: string): Promise<string> {
  return (await app.call<Started>("GET", `/api/v1/executions/${id}`)).status;
}
