// The table of a decision: a cell is written as people write it, an overlap shows itself with an example, what is not
// understood changes nothing.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Definition, draftsOf } from "./harness/drafts.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { until } from "./harness/until.ts";

const app = await openApp({ after });
const { newWorkflow, draftOf, open } = draftsOf(app);

const discounts: Partial<Definition> = {
  nodes: [
    {
      id: "start",
      type: "trigger.manual",
      name: "Start",
      config: { input: { total: 1200, kind: "business" } },
    },
    {
      id: "rules",
      type: "rules",
      name: "Discount",
      config: {
        columns: [
          { name: "total", type: "number" },
          { name: "kind", type: "text" },
        ],
        hits: "unique",
        trace: "why",
        rules: [
          {
            when: { total: { from: 1000 }, kind: "business" },
            give: { discount: 0.15 },
            note: "large business orders",
          },
          { when: { total: { from: 1000 }, kind: { not: "business" } }, give: { discount: 0.1 } },
          {
            when: { total: { from: 500 }, kind: ["school", "charity"] },
            give: { discount: 0.2, label: "social" },
          },
          { give: { discount: 0 }, when: { total: { below: 500 } } },
        ],
      },
    },
  ],
  connections: [{ from: "start", to: "rules" }],
};

type Rule = { when?: Record<string, unknown>; give: Record<string, unknown> };
const rulesOf = async (id: string) =>
  (await draftOf(id)).nodes.find((node) => node.id === "rules")?.config.rules as Rule[];

test("rules are written in a table, and an overlap shows itself with an example", async () => {
  const id = await newWorkflow("Discounts", discounts);
  const page = await open(id);
  await page.locator(".react-flow__node", { hasText: "Discount" }).click();
  const cell = (name: string) => page.getByRole("textbox", { name, exact: true });
  assert.equal(await cell("total, rule 1").inputValue(), ">= 1000");
  assert.equal(await cell("kind, rule 3").inputValue(), "school, charity");
  assert.equal(await cell("Result discount, rule 1").inputValue(), "0.15");
  await page.getByText('Rules 2 and 3 both fit, for example (total: 1000, kind: "school").').waitFor();
  await shoot(page, "decision-table-1280-light");
  await assertAccessible(page, "a decision table");

  await cell("kind, rule 2").fill("not business, school, charity");
  await cell("kind, rule 2").press("Enter");
  await page.getByText("Rules 2 and 3 both fit").waitFor({ state: "detached" });
  await cell("total, rule 3").fill("a lot");
  await cell("total, rule 3").press("Enter");
  await page.getByText("“a lot” is no condition for this column.").waitFor();
  await cell("total, rule 3").fill("500..999");
  await cell("total, rule 3").press("Enter");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await cell("total, rule 5").fill("missing");
  await cell("total, rule 5").press("Enter");
  await cell("Result label, rule 5").fill("ask");
  await cell("Result label, rule 5").press("Enter");

  await until(async () => (await rulesOf(id)).at(-1)?.give.label === "ask");
  const rules = await rulesOf(id);
  assert.deepEqual(rules[1]?.when?.kind, { not: ["business", "school", "charity"] });
  assert.deepEqual(rules[2]?.when?.total, { from: 500, to: 999 });
  assert.deepEqual(rules[4], { when: { total: { exists: false } }, give: { label: "ask" } });

  await page.getByRole("button", { name: "Open as a large table" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "total, rule 5", exact: true }).waitFor();
  await page.getByText("How to write a condition").last().click();
  await shoot(page, "decision-table-large-1280-light");
  await assertAccessible(page, "a large decision table");
  await page.context().close();
});

test("it is readable on a phone, in the dark and in Arabic", async () => {
  const id = await newWorkflow("Phone", discounts);
  const look = { theme: "dark", language: "ar", width: 390, height: 844, touch: true } as const;
  const page = await open(id, look, "?node=rules");
  await page.getByRole("button", { name: "فتح كجدول كبير" }).click();
  await page.getByRole("dialog").last().getByRole("table").waitFor();
  await shoot(page, "decision-table-large-390-dark-ar");
  await assertAccessible(page, "a decision table on a phone");
  await page.context().close();
});
