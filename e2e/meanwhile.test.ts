// What others do to what is open here: new entries of the audit log, those before an execution in its queue, and what is
// deleted under the eyes of somebody. The safety net of the app is slower than the patience of these tests.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });

const flow = {
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "wait", type: "wait", config: { for: "signal", signal: "paid" } },
  ],
  connections: [{ from: "start", to: "wait" }],
};
const post = async (path: string, body: object) =>
  (await app.call<{ id: string }>("POST", `/api/v1/${path}`, body)).id;

test("an entry of the audit log stands above the others as soon as it is written", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/audit`);
  await page.getByRole("heading", { name: "Nothing is written down yet" }).waitFor();
  for (const name of ["the_first", "the_second"]) {
    await app.call("PUT", `/api/v1/variables/${name}`, { value: 1 });
    await page.getByRole("row").nth(1).getByText(name).waitFor();
  }
  await page.context().close();
});

test("an execution that waits for its place says how many come first, as they go", async () => {
  const workflow = await post("workflows?publish=true", { ...flow, name: "One at a time" });
  await app.call("PUT", "/api/v1/pools/narrow", { slots: 1, scope: "workflow", scopeId: workflow });
  const start = () => post(`workflows/${workflow}/execute`, {});
  await start();
  const [second, third] = [await start(), await start()];
  const page = await app.page();
  await page.goto(`${app.url}/executions/${third}`);
  await page.getByText("one comes first").waitFor();
  await app.call("POST", `/api/v1/executions/${second}/cancel`, {});
  await page.getByText("it is next").waitFor();
  await page.context().close();
});

test("what somebody else deletes while it is open says so, and leads back to the list", async () => {
  app.forgive(/status of 404 /);
  const workflow = await post("workflows?publish=true", { ...flow, name: "Goes away" });
  const name = "Short-lived";
  const token = { type: "http.bearer", values: { token: "old-token-1234" }, hosts: ["api.example.com"] };
  const opened = [
    { place: "tasks", body: { name, run: { kind: "workflow", workflow } } },
    { place: "schedules", body: { name, workflow, cron: "0 6 * * *" } },
    { place: "connections", body: { name, ...token } },
  ];
  const page = await app.page();
  for (const { place, body } of opened) {
    const id = await post(place, body);
    await page.goto(`${app.url}/${place}?open=${id}`);
    const sheet = page.getByRole("dialog", { name });
    await sheet.getByRole("button", { name: /^(Edit|Change)$/ }).waitFor();
    await app.call("DELETE", `/api/v1/${place}/${id}`);
    await sheet.getByRole("heading", { name: `“${name}” was deleted` }).waitFor();
    assert.equal(
      await sheet.getByRole("button", { name: /^(Edit|Change)$/ }).count(),
      0,
      `${place}: nothing to press`,
    );
    await assertAccessible(page, `${place}: deleted`);
    await sheet.getByRole("button", { name: "Back to the list" }).click();
    await sheet.waitFor({ state: "detached" });
    await page.goto(`${app.url}/${place}?open=${id}`);
    await page.getByRole("heading", { name: "This is not here any more" }).waitFor();
  }
  await app.call("DELETE", `/api/v1/workflows/${workflow}`);
  await page.goto(`${app.url}/workflows/${workflow}`);
  await page.getByRole("heading", { name: "This is not here any more" }).waitFor();
  await page.getByRole("button", { name: "Back to the list" }).click();
  await page.waitForURL(`${app.url}/workflows`);
  await page.context().close();
});
