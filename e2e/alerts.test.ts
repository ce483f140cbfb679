// Alerts as a person meets them: a rule made, something found, looked after; maintenance on and off.
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });

test("a rule is made, finds what is wrong, and somebody looks after it", async () => {
  await app.call("POST", "/api/v1/workflows", {
    name: "Payments",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "end", type: "stop", config: { message: "The bank does not answer" } },
    ],
    connections: [{ from: "start", to: "end" }],
  });
  for (let count = 0; count < 5; count += 1)
    await app.call("POST", "/api/v1/workflows/Payments/execute?wait=10", {});
  const page = await app.page();
  await page.goto(`${app.url}/alerts`);
  // Without a rule nothing is known, and the page does not say that all is well.
  await page.getByRole("heading", { name: "No rules yet" }).waitFor();
  await assertAccessible(page, "no alerts");
  await page.getByRole("button", { name: "New rule" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New rule" });
  await dialog.getByLabel("Name").fill("Failures");
  await assertAccessible(page, "new rule");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByText("“Failures” looks from now on", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Look now" }).click();
  await page.getByRole("heading", { name: /“Payments” fails: 5 of 5/ }).waitFor();
  await shoot(page, "alerts-1280-light");
  await assertAccessible(page, "alerts");
  await page.getByRole("button", { name: "I look after it" }).click();
  await page.getByRole("heading", { name: "Nothing is wrong" }).waitFor();
  await page.getByRole("radio", { name: "Looked after" }).click();
  await page.getByText(/Looked after by key:/).waitFor();
  await page.getByRole("radio", { name: "Rules" }).click();
  await page.getByText("Executions that fail").waitFor();
  await assertAccessible(page, "rules");
  await page.getByRole("switch", { name: "Maintenance" }).click();
  await page.getByText("Nothing new is started").waitFor();
  await page.getByRole("switch", { name: "Maintenance" }).click();
  await page.getByText("Nothing new is started").waitFor({ state: "detached" });
  await page.context().close();
  const arabic = await app.page({ language: "ar", width: 390, theme: "dark" });
  await arabic.goto(`${app.url}/alerts?view=acknowledged`);
  await arabic.getByRole("heading", { name: /يفشل «.?Payments.?»: 5 من 5/ }).waitFor();
  await shoot(arabic, "alerts-390-dark-ar");
  await assertAccessible(arabic, "alerts 390");
  await arabic.context().close();
});
