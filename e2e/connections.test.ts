// Connections as a person meets them: the first one, one that fails, one that a workflow uses; made from the builder too.
// Real services on loopback.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const service = createServer((request, response) => {
  const isKnown = request.headers.authorization === "Bearer shop-token-1234";
  response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" }).end('{"orders":3}');
});
await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
after(() => service.close());
after(() => service.closeAllConnections());
const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;

const app = await openApp({ after }, { environment: { AURAOS_ALLOW_HOSTS: "127.0.0.1" } });
app.forgive(/422 \(Unprocessable/);
app.forgive(/409 \(Conflict/);

test("the first connection: chosen by kind, filled in, sealed, tried", async () => {
  const page = await app.page();
  await page.goto(`${app.url}/connections`);
  await page.getByRole("heading", { name: "No connections yet" }).waitFor();
  await assertAccessible(page, "no connections");
  await page.getByRole("main").getByRole("button", { name: "New connection" }).last().click();
  await page.getByRole("button", { name: /^API token/ }).waitFor();
  await shoot(page, "connection-kinds-1280-light");
  await page.getByRole("button", { name: /^API token/ }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name" }).fill("Shop API");
  await form.getByLabel("Token", { exact: true }).fill("wrong-token-0000");
  await form.getByLabel("Test url").fill(`http://${host}/orders`);
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByRole("alert").waitFor();
  await form.getByLabel("Hosts it is meant for").fill(host);
  await shoot(page, "connection-form-1280-light");
  await assertAccessible(page, "new connection");
  await form.getByRole("button", { name: "Create" }).click();

  const sheet = page.getByRole("dialog", { name: "Shop API" });
  await sheet.getByText("Not tried yet").waitFor();
  assert.equal(await page.getByText("wrong-token").count(), 0);
  await sheet.getByRole("button", { name: "Try it" }).click();
  await page.getByText("“Shop API” does not work.").first().waitFor();
  await sheet.getByText("Failing").waitFor();

  await sheet.getByRole("button", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change “Shop API”" });
  const token = change.getByLabel("Token", { exact: true });
  assert.equal(await token.getAttribute("placeholder"), "Kept; type to replace");
  await token.fill("shop-token-1234");
  await change.getByRole("button", { name: "Save" }).click();
  await change.waitFor({ state: "detached" });
  await sheet.getByRole("button", { name: "Try it" }).click();
  await sheet.getByText("Good", { exact: true }).waitFor();
  await shoot(page, "connection-open-1280-light");
  await page.context().close();
});

test("a step chooses it; what it is used by is said before it goes", async () => {
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", {
    name: "Count orders",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "ask", type: "http", name: "Orders", config: { url: `http://${host}/orders` } },
    ],
    connections: [{ from: "start", to: "ask" }],
  });
  const page = await app.page();
  await page.goto(`${app.url}/workflows/${id}?node=ask`);
  await page.getByLabel("Connection", { exact: true }).click();
  await page.getByRole("option", { name: "Shop API" }).click();
  await page.getByRole("link", { name: "New connection" }).waitFor();
  await shoot(page, "builder-connection-1280-light");
  const saved = async () => {
    const { definition } = await app.call<{ definition: { nodes: { config: { credential?: string } }[] } }>(
      "GET",
      `/api/v1/workflows/${id}`,
    );
    return definition.nodes[1]?.config.credential;
  };
  await until(async () => (await saved()) === "Shop API");
  await app.call("POST", `/api/v1/workflows/${id}/publish`, {});

  await page.goto(`${app.url}/connections`);
  await page.getByRole("button", { name: "What can be done with “Shop API”" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Count orders", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.context().close();
});

test("deleted from its own sheet it is gone, and nobody asks for it again", async () => {
  const token = { type: "http.bearer", name: "Old token", values: { token: "old-token-1234" } };
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/connections", { ...token, hosts: [host] });
  const page = await app.page();
  await page.goto(`${app.url}/connections?open=${id}`);
  const sheet = page.getByRole("dialog", { name: "Old token" });
  await sheet.getByText("Not tried yet").waitFor();
  await sheet.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("“Old token” was deleted.").first().waitFor();
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "What can be done with “Shop API”" }).waitFor();
  assert.equal(new URL(page.url()).search, "");
  // A question for it would have been answered with 404, which fails this file at its end.
  await page.context().close();
});

test("in Arabic, in the dark, on a phone", async () => {
  for (const look of [
    { theme: "dark", language: "ar", width: 1280 },
    { theme: "light", language: "en", width: 390 },
  ] as const) {
    const page = await app.page(look);
    await page.goto(`${app.url}/connections`);
    await page.getByRole("link", { name: "Shop API" }).waitFor();
    await shoot(page, `connections-${look.width}-${look.theme}-${look.language}`);
    await assertAccessible(page, `connections ${look.language} ${look.theme}`);
    await page.getByRole("link", { name: "Shop API" }).click();
    await page.getByRole("link", { name: "Count orders" }).waitFor();
    await shoot(page, `connection-open-${look.width}-${look.theme}-${look.language}`);
    await assertAccessible(page, `a connection ${look.language} ${look.theme}`);
    await page.context().close();
  }
});
