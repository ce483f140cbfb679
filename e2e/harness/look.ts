// Two ways to look at a page: axe for what a machine can judge, a screenshot for what a person must.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const shots = join(dirname(dirname(fileURLToPath(import.meta.url))), ".shots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] };
type Axe = { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };

/** WCAG 2.2 A and AA, and axe's best practices: nothing may be found. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // Not a script tag: the content security policy would refuse it. Half a megabyte, once for each document.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: Axe }).axe;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // A tooltip stands beside everything, outside of every landmark, and is read with the control it describes.
    const context = { exclude: ["[data-radix-popper-content-wrapper]:has([role=tooltip])"] };
    const { violations: found } = await tool.run(context, {
      runOnly: { type: "tag", values: tags },
      // What passed is only counted.
      resultTypes: ["violations"],
    });
    return found.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes
        .slice(0, 3)
        .map(({ html, failureSummary = "" }) => `${html.slice(0, 300)}\n      ${failureSummary}`),
    }));
  });
  const text = violations
    .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.join("\n    ")}`)
    .join("\n  ");
  assert.equal(violations.length, 0, `${what}\n  ${text}`);
}

/** Nothing has to be scrolled sideways. */
export async function assertNotTooWide(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(wide <= 0, `${what} is ${wide} px too wide`);
}

/** e2e/.shots/<name>.png, for people who ask for it with AURAOS_SHOTS=1: no test looks at them, and each takes its time. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  if (process.env.AURAOS_SHOTS !== "1") return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
