// What may be very many is found by a part of its name: in every list, with the search in the address, and in the forms
// of nodes, where the first ones are not all there are.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { draftsOf } from "./harness/drafts.ts";
import { assertAccessible, assertNotTooWide } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const app = await openApp({ after });
const { newWorkflow, draftOf, open } = draftsOf(app);
const cron = { workflow: "Called by others", cron: "0 4 * * *" };
const columns = [{ name: "Town", type: "text" }];
const token = { type: "http.bearer", values: { token: "a-token-1234" }, hosts: ["api.example.com"] };
const start = { id: "start", type: "trigger.manual", config: {} };
await app.call("POST", "/api/v1/workflows", {
  ...{ name: "Called by others", nodes: [start], connections: [] },
});

type List = { path: string; search: string; names: [string, string]; make(name: string): Promise<unknown> };
const lists: List[] = [
  {
    ...{ path: "/schedules", search: "Search schedules", names: ["Every north wind", "Every south wind"] },
    make: (name) => app.call("POST", "/api/v1/schedules", { ...cron, name }),
  },
  {
    ...{ path: "/connections", search: "Search connections", names: ["North API", "South API"] },
    make: (name) => app.call("POST", "/api/v1/connections", { ...token, name }),
  },
  {
    ...{ path: "/data", search: "Search tables", names: ["North towns", "South towns"] },
    make: (name) => app.call("POST", "/api/v1/tables", { name, columns }),
  },
  {
    ...{ path: "/data?view=variables", search: "Search variables", names: ["far_north", "far_south"] },
    make: (name) => app.call("PUT", `/api/v1/variables/${name}`, { value: 1 }),
  },
  {
    ...{ path: "/security", search: "Search keys", names: ["Robot of the north", "Robot of the south"] },
    make: (name) => app.call("POST", "/api/v1/api-keys", { name, role: "viewer" }),
  },
];

for (const { path, search, names, make } of lists)
  test(`${path} is searched`, async () => {
    for (const name of names) await make(name);
    const page = await app.page();
    const [north, south] = names.map((name) => page.getByText(name, { exact: true }));
    await page.goto(`${app.url}${path}${path.includes("?") ? "&" : "?"}search=NORTH`);
    await north?.waitFor();
    assert.equal(await south?.count(), 0);
    const field = page.getByRole("searchbox", { name: search });
    await field.fill("zzz");
    await page.getByText("Nothing has “zzz” in its name.", { exact: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("search"), "zzz");
    await assertAccessible(page, `${path}, nothing found`);
    await page.getByRole("button", { name: "Show all" }).click();
    await north?.waitFor();
    await south?.waitFor();
    assert.equal(new URL(page.url()).searchParams.has("search"), false);
    await page.context().close();
  });

test("/members is searched, on a phone in Arabic too", async () => {
  const page = await app.page({ language: "ar", theme: "dark", width: 390 });
  await page.goto(`${app.url}/members?search=zzz`);
  await page.getByText("لا أحد يحتوي اسمه أو بريده على «zzz».", { exact: true }).waitFor();
  await assertNotTooWide(page, "members, nobody found");
  await assertAccessible(page, "members, nobody found");
  await page.getByRole("searchbox", { name: "البحث بالاسم أو البريد" }).press("Escape");
  await until(async () => new URL(page.url()).search === "");
  await page.context().close();
});

test("a step finds its connection and the workflow it runs among more than are listed", async () => {
  const many = Array.from({ length: 101 }, (_, index) => `Another ${String(index).padStart(3, "0")}`);
  for (const name of many) await app.call("POST", "/api/v1/connections", { ...token, name });
  // The newest are listed first.
  for (const name of many) await newWorkflow(name);
  const id = await newWorkflow("Calls others", {
    nodes: [
      start,
      { id: "ask", type: "http", config: { url: "https://api.example.com/" } },
      { id: "sub", type: "subworkflow", config: { workflow: "" } },
    ],
  });
  const configOf = async (node: string) => (await draftOf(id)).nodes.find((one) => one.id === node)?.config;

  const page = await open(id, {}, "?node=ask");
  const choose = async (field: string, text: string, name: string) => {
    await page.getByRole("combobox", { name: field, exact: true }).click();
    await page.getByText("There are more: type a part of the name.", { exact: true }).waitFor();
    const found = page.getByRole("option", { name, exact: true });
    assert.equal(await found.count(), 0, `${name} is not among the first ones`);
    await page.getByPlaceholder("Find by name").fill(text);
    await found.click();
  };
  await choose("Connection", "south a", "South API");
  await until(async () => (await configOf("ask"))?.credential === "South API");
  await page.goto(`${app.url}/workflows/${id}?node=sub`);
  await choose("Workflow", "called", "Called by others");
  await until(async () => (await configOf("sub"))?.workflow === "Called by others");
  await page.context().close();
});
