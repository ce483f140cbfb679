// A page follows what others do: a change made by the API appears without reload and without a timer (the safety net of
// the app is slower than the patience of these tests), also after the server was away. What the chip, the row or the card
// says is waited for; how fast it comes is measured elsewhere.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const app = await openApp({ after });

const flow = {
  name: "Nightly import",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "wait", type: "wait", config: { for: "signal", signal: "paid" } },
  ],
  connections: [{ from: "start", to: "wait" }],
};

test("what is made elsewhere appears on every page that lists it", async () => {
  const page = await app.page();
  const follow = async (path: string, empty: string, make: () => Promise<unknown>, shown: string) => {
    await page.goto(app.url + path);
    await page.getByText(empty).first().waitFor();
    await make();
    await page.getByText(shown).first().waitFor();
  };
  const post = (path: string, body: object) => app.call<{ id: string }>("POST", `/api/v1/${path}`, body);
  const put = (path: string, body: object) => app.call("PUT", `/api/v1/${path}`, body);
  let workflow = "";
  await follow(
    "/workflows",
    "No workflows yet",
    async () => {
      workflow = (await post("workflows?publish=true", flow)).id;
    },
    "Nightly import",
  );
  await follow("/pools", "No pools yet", () => put("pools/press", { slots: 2 }), "press");
  await follow(
    "/schedules",
    "No schedules yet",
    () => post("schedules", { name: "Every morning", workflow, cron: "0 6 * * *" }),
    "Every morning",
  );
  await follow(
    "/tasks",
    "No tasks yet",
    () => post("tasks", { name: "Print it", run: { kind: "workflow", workflow }, resources: { press: 1 } }),
    "Print it",
  );
  await follow(
    "/data?view=variables",
    "No variables yet",
    () => put("variables/exchange_rate", { value: 4 }),
    "exchange_rate",
  );
  await page.context().close();
});

test("the run of a task goes on by itself while its sheet is open", async () => {
  const { items } = await app.call<{ items: { id: string }[] }>("GET", "/api/v1/tasks");
  const id = items[0]?.id ?? "";
  const page = await app.page();
  await page.goto(`${app.url}/tasks?open=${id}`);
  const sheet = page.getByRole("dialog", { name: "Print it" });
  await sheet.waitFor();
  await app.call("POST", `/api/v1/tasks/${id}/execute`, {});
  let waiting: string | undefined;
  await until(async () => {
    const waits = await app.call<{ items: { executionId: string }[] }>("GET", "/api/v1/waits");
    waiting = waits.items[0]?.executionId;
    return waiting !== undefined;
  });
  await sheet.getByText("Running").first().waitFor();
  await app.call("POST", `/api/v1/executions/${waiting}/signal`, { name: "paid" });
  await sheet.getByText("Succeeded").first().waitFor();
  await page.context().close();
});

test("after a restart of the server the page knows what it missed and goes on", async () => {
  app.forgive(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/);
  const page = await app.page();
  await page.goto(`${app.url}/pools`);
  await page.getByText("press").first().waitFor();
  await app.stop();
  await app.start();
  await app.call("PUT", "/api/v1/pools/kiln", { slots: 1 });
  // The page comes back when it tries the next time, later and later.
  await page.getByText("kiln").first().waitFor();
  await app.call("PUT", "/api/v1/pools/oven", { slots: 1 });
  await page.getByText("oven").first().waitFor();
  assert.equal(await page.getByText("kiln", { exact: true }).count(), 1);
  await page.context().close();
});
