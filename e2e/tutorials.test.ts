// Carries out docs/tutorials.md, word for word: each numbered step is a sentence of the few kinds below, each block of
// the shell is run, and what stands after it must come out. A step that is not understood fails, so the guide cannot
// drift away from the app.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import { shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
// The browser itself wants to keep the colour of text that is replaced in an editor; the policy does not let it.
app.forgive(/Applying inline style/);
const guide = readFileSync(new URL("../docs/tutorials.md", import.meta.url), "utf8");
const chapters = guide
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf("\n")), text }));

/** A step of a list, or a block of the shell with what it prints. */
type Part = { step: string } | { command: string; output: string };

function partsOf(text: string): Part[] {
  const pattern = /^\d+\. (.+)$|^```sh\n([\s\S]+?)\n```\n\n```\n([\s\S]+?)\n```$/gm;
  return [...text.matchAll(pattern)].map(([, step, command, output]) =>
    step === undefined ? { command: command ?? "", output: output ?? "" } : { step },
  );
}

const B = String.raw`\*\*(.+?)\*\*`;
const kinds: [RegExp, (page: Page, ...words: string[]) => Promise<void>][] = [
  [
    new RegExp(`^Open ${B}`),
    (page, name) => page.getByRole("navigation").getByRole("link", { name }).click(),
  ],
  [
    new RegExp(`^Press ${B} in the dialog`),
    (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click(),
  ],
  [/^Press the key `(.+?)`/, (page, key) => page.keyboard.press(key)],
  [new RegExp(`^Press ${B}`), (page, name) => buttonOf(page, name).click()],
  [new RegExp(`^Choose ${B}`), (page, name) => choiceOf(page, name).click()],
  [new RegExp(`^Write \`(.+?)\` into ${B}`), (page, text, label) => fieldOf(page, label).fill(text)],
  [new RegExp(`^Replace ${B} with \`(.+?)\``), (page, label, text) => replace(page, label, text)],
  [
    new RegExp(`^Click the step ${B}`),
    (page, name) => page.locator(".react-flow__node", { hasText: name }).click(),
  ],
  [new RegExp(`^Click the newest ${B}`), (page, name) => page.getByRole("link", { name }).first().click()],
  [new RegExp(`^You see ${B}`), (page, text) => page.getByText(text).first().waitFor()],
];

/** By its whole name, or by how it begins, as on cards that say more. */
function buttonOf(page: Page, name: string): Locator {
  const whole = page.getByRole("button", { name, exact: true });
  return whole.or(page.getByRole("button", { name: new RegExp(`^${name} `) })).first();
}

function choiceOf(page: Page, name: string): Locator {
  const named = { name: new RegExp(`^${name}( |…|$)`) };
  return page.getByRole("option", named).or(page.getByRole("menuitem", named)).first();
}

function fieldOf(page: Page, label: string): Locator {
  return page.getByLabel(label, { exact: true });
}

async function replace(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole("dialog").getByRole("textbox", { name: label }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

async function follow(page: Page, step: string): Promise<void> {
  for (const [pattern, act] of kinds) {
    const found = pattern.exec(step);
    if (found) return act(page, ...found.slice(1));
  }
  assert.fail(`Nobody knows how to do this: ${step}`);
}

async function runInShell(command: string): Promise<string> {
  const here = command.replaceAll("http://127.0.0.1:4000", app.url);
  return (await promisify(execFile)("bash", ["-c", here])).stdout.trim();
}

test("there are tutorials", () => {
  assert.deepEqual(
    chapters.map(({ title }) => title),
    ["Say hello", "A webhook that answers"],
  );
});

for (const { title, text } of chapters)
  test(title, async () => {
    const page = await app.page();
    await page.goto(app.url);
    await page.getByText("Live", { exact: true }).waitFor();
    for (const part of partsOf(text)) {
      if ("step" in part)
        await follow(page, part.step).catch((error: unknown) => {
          throw new Error(`Step "${part.step}": ${error instanceof Error ? error.message : error}`);
        });
      else assert.equal(await runInShell(part.command), part.output);
    }
    await shoot(page, `tutorial-${title.toLowerCase().replaceAll(" ", "-")}`);
    await page.context().close();
  });
