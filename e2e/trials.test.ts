// Trying out parts of a workflow while it is built: up to a step, one step alone, and a failed execution of production
// brought into the editor to be corrected.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { type Definition, draftsOf } from "./harness/drafts.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const { newWorkflow, open } = draftsOf(app);

const greeting = (text: string): Omit<Definition, "name"> => ({
  nodes: [
    { id: "start", type: "trigger.manual", name: "Start", config: { input: { name: "Ada" } } },
    { id: "greet", type: "set", name: "Greet", config: { fields: { text } } },
    { id: "loud", type: "set", name: "Loud", config: { fields: { loud: "{{ $json.text.toUpperCase() }}" } } },
    { id: "later", type: "set", name: "Later", config: { fields: { x: "{{ $json. }}" } } },
  ],
  connections: [
    { from: "start", to: "greet" },
    { from: "greet", to: "loud" },
    { from: "loud", to: "later" },
  ],
});

test("a step is tried out while what follows is still wrong, then alone on the data of that run", async () => {
  const id = await newWorkflow("Trials", greeting("Hello {{ $json.name }}"));
  const page = await open(id);
  const result = page.getByRole("region", { name: "Result of the run" });
  await page.locator(".react-flow__node", { hasText: "Loud" }).click();
  await page.getByRole("button", { name: "Run to here" }).click();
  await result.getByRole("cell", { name: "HELLO ADA", exact: true }).waitFor();
  await page.getByRole("button", { name: "Run this step" }).waitFor();
  await shoot(page, "builder-step-1280-light");
  await assertAccessible(page, "one step was run");
  const first = new URL(page.url()).searchParams.get("execution") ?? "";

  await page.locator(".react-flow__node", { hasText: "Greet" }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await insert(page, "text", 0, "Bye, ");
  await page.getByRole("button", { name: "Run this step" }).click();
  await result.getByRole("cell", { name: "Bye, Hello Ada", exact: true }).waitFor();
  const second = new URL(page.url()).searchParams.get("execution") ?? "";
  assert.notEqual(second, first);
  const { timeline, mode } = await app.call<{ mode: string; timeline: { node: string; kept?: boolean }[] }>(
    "GET",
    `/api/v1/executions/${second}`,
  );
  assert.equal(mode, "test");
  assert.deepEqual(
    timeline.filter(({ kept }) => !kept).map(({ node }) => node),
    ["greet"],
  );

  // By key: up to the step that is selected on the canvas.
  await page.locator("#builder-canvas").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+r");
  await result.getByRole("cell", { name: "BYE, HELLO ADA", exact: true }).waitFor();
  await page.context().close();
});

test("a failed execution is loaded into the editor: its input is pinned, the failed step is open", async () => {
  const wrong = greeting("{{ $json.nick.trim() }}");
  const definition = {
    name: "To be mended",
    nodes: wrong.nodes.slice(0, 3),
    connections: wrong.connections.slice(0, 2),
  };
  const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows", definition);
  const failed = await app.call<{ id: string; status: string }>(
    "POST",
    `/api/v1/workflows/${id}/execute?wait=10`,
    { name: "Grace" },
  );
  assert.equal(failed.status, "failed");
  const page = await app.page();
  await page.goto(`${app.url}/executions/${failed.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Load into the editor" }).click();
  await page.getByText("The data of this execution is on the canvas", { exact: true }).waitFor();
  const panel = page.getByRole("complementary", { name: "Node" });
  assert.equal(await panel.getByLabel("Name of the node").inputValue(), "Greet");
  await page
    .getByRole("img", { name: /pinned/i })
    .first()
    .waitFor();
  await shoot(page, "builder-loaded-1280-light");
  await assertAccessible(page, "a loaded execution");

  await panel.getByRole("tab", { name: "Settings" }).click();
  await insert(page, "text", 3, "$json.name ?? ");
  await page.keyboard.press("Control+Enter");
  const result = page.getByRole("region", { name: "Result of the run" });
  await result.getByRole("cell", { name: "Grace" }).first().waitFor();
  await page.context().close();
});

async function insert(page: Page, label: string, column: number, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.press("Home");
  for (let step = 0; step < column; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.insertText(text);
}
