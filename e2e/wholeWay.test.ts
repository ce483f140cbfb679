// The whole way of somebody who never saw the product, in three ways: by mouse; in Arabic, in the dark, by keyboard alone; and by
// touch at 390 px. Each begins with a server that was just started and the address that it printed: the owner's account is made,
// three steps are built in at most 10 acts, and in at most 25 a webhook that asks a service, decides, computes and answers. A
// broken expression is mended from its message; it is tried, published, called from outside, seen live, and run again with other
// data. The first server is as `npm start` finds a new machine, with a database of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { startPracticeApi } from "@auraos/server/practiceApi/startPracticeApi.ts";
import type { Locator, Page } from "playwright-core";
import { draftsOf } from "./harness/drafts.ts";
import { choose, handsOf } from "./harness/hands.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";
import { openBrowser } from "./harness/openBrowser.ts";
import { until } from "./harness/until.ts";
import { settingsOf, wordsOf } from "./harness/words.ts";

const practice = await startPracticeApi({ port: 0, host: "127.0.0.1", seed: "newcomer" });
after(() => practice.close());
const environment = { AURAOS_ALLOW_HOSTS: new URL(practice.url).host };
const browser = await openBrowser({ after });

/** As long as several tests. */
const STORY_MS = 600_000;
/** Of a size that is not known it knows no price, and fails. */
const code = `const { colour, size } = $items[0].json.query;
console.log("asked for", colour);
const prices = { s: 4, m: 5, xl: 6 };
return { answer: colour.toUpperCase() + " " + prices[size].toFixed(2) };`;

const ways = [
  { way: "mouse", language: "en", theme: "light", width: 1280 },
  { way: "keyboard", language: "ar", theme: "dark", width: 1280 },
  { way: "touch", language: "en", theme: "light", width: 390 },
] as const;

for (const { way, ...look } of ways)
  test(`the whole way by ${way}, ${look.language}, ${look.theme}, ${look.width} px: set up, build, mend, try, publish, call, run again`, {
    timeout: STORY_MS,
  }, async (t) => {
    const app = await openApp(t, { environment, browser, isNew: way === "mouse" });
    const page = await app.page({ ...look, touch: way === "touch", signedIn: false });
    const words = wordsOf(look.language);
    const setting = settingsOf(look.language);
    const hands = handsOf(page, way);
    const button = (key: string, values?: Record<string, string | number>) =>
      page.getByRole("button", { name: words(key, values), exact: true });
    const field = (label: string) => page.getByLabel(label, { exact: true });
    const dialog = page.getByRole("dialog");
    const path = `colours-by-${way}`;
    const name = `Colours by ${way}`;

    // On a phone the panel of a step covers the canvas. By keyboard the canvas has the focus afterwards.
    const leavePanel = async () => {
      if (way === "touch")
        await hands.press(
          page.getByRole("complementary").getByRole("button", { name: words("builder:panel.close") }),
        );
      if (way === "keyboard") await escapeTo(page, page.locator("#builder-canvas"));
    };
    // Where the canvas has the focus, with the step that is new.
    const intoForm = async () => {
      await page.locator("#builder-canvas:focus").waitFor();
      await page.keyboard.press("Enter");
      await page.locator("#builder-panel [role=tabpanel] :focus").waitFor();
    };
    /** A node type as the palette calls it. */
    const kind = (type: string, inEnglish: string) =>
      look.language === "en" ? inEnglish : words(`nodeTypes:${type}.name`);
    const begin = async (trigger: string) => {
      await hands.press(page.getByRole("button", { name: new RegExp(`^${trigger} (Starts|يبدأ) `) }));
      if (way === "keyboard") await intoForm();
    };
    const add = async (port: string, name: string) => {
      const type = new RegExp(`^${name} `);
      await leavePanel();
      if (way === "keyboard") {
        await page.keyboard.press("Tab");
        await choose(page, name, type);
        await intoForm();
        // Into the palette, what is sought, the choice.
        hands.did(3);
        return;
      }
      await hands.press(button("builder:canvas.addAfter", { port }).first());
      await hands.press(page.getByRole("option", { name: type }).first());
    };

    const newWorkflow = async (named: string) => {
      await hands.write(dialog.getByLabel(words("workflows:create.name")), named);
      await hands.press(dialog.getByRole("button", { name: words("workflows:create.action"), exact: true }));
    };

    // The owner's account.
    await page.goto(await app.setUpAddress());
    await hands.write(field(words("signIn:name")), "Ann Owner");
    await hands.write(field(words("signIn:email")), "ann@example.com");
    await hands.write(field(words("signIn:password")), "four unlikely grey herons");
    await hands.write(field(words("signIn:setUp.organization")), "Heron Works");
    await assertAccessible(page, `set-up by ${way}`);
    await hands.press(button("signIn:setUp.action"));
    await page.getByRole("heading", { name: words("home:first.title") }).waitFor();

    // Three steps.
    let before = hands.acts();
    await hands.press(page.getByRole("link", { name: words("home:first.create"), exact: true }));
    await newWorkflow("Three steps");
    await begin(kind("trigger.manual", "Start"));
    await add("main", kind("set", "Set fields"));
    await add("main", kind("if", "If"));
    assert.ok(hands.acts() - before <= 10, `${hands.acts() - before} acts for three steps`);
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await until(async () => {
      const { nodes, connections } = await draftsOf(app).draftOf(id);
      return nodes.map(({ type }) => type).join() === "trigger.manual,set,if" && connections.length === 2;
    });

    // A webhook that asks, decides, computes and answers.
    await page.goto(`${app.url}/workflows`);
    before = hands.acts();
    await hands.press(button("workflows:new").first());
    await newWorkflow(name);
    await begin(kind("trigger.webhook", "Webhook"));
    await hands.write(field(setting("trigger.webhook", "path", "Path")), path);
    await add("main", kind("http", "HTTP request"));
    await hands.write(
      field(setting("http", "url", "URL")),
      `${practice.url}/echo?colour={{ $json.query.colour }}&size={{ $json.query.size }}`,
    );
    await add("main", kind("if", "If"));
    await hands.write(field(setting("if", "condition", "Condition")), "{{ $json.query.colour == }}");
    await add("true", kind("code", "Code"));
    await hands.write(field(setting("code", "code", "Code")), code);
    await add("main", kind("respond", "Respond"));
    assert.ok(hands.acts() - before <= 25, `${hands.acts() - before} acts for the webhook`);

    // Where nothing is selected, Tab leads out of the canvas.
    const leaveCanvas = async () => {
      await leavePanel();
      if (way === "keyboard") await page.keyboard.press("Escape");
    };
    // The condition is broken: the message says where, and leads to the place.
    await leaveCanvas();
    await hands.press(page.getByRole("button", { name: words("builder:problems.count_one", { count: 1 }) }));
    await hands.press(page.getByRole("button", { name: /Cannot read the expression/ }));
    await page
      .locator(":focus")
      .and(field(setting("if", "condition", "Condition")))
      .waitFor();
    await page.keyboard.insertText("'blue' ");
    await page
      .getByRole("button", { name: words("builder:problems.count_one", { count: 1 }) })
      .waitFor({ state: "detached" });

    // Tried with data of one's own; what the code wrote stands in its last run.
    await leaveCanvas();
    await hands.press(button("builder:more"));
    await hands.press(page.getByRole("menuitem", { name: words("builder:run.withInput") }));
    await hands.replace(dialog.getByRole("textbox"), '{"query": {"colour": "blue", "size": "s"}}');
    await hands.press(dialog.getByRole("button", { name: words("builder:run.run"), exact: true }));
    const result = page.getByRole("region", { name: words("builder:result.label") });
    await result.getByText(words("ui:status.succeeded")).waitFor();
    if (way === "keyboard") await result.getByText("BLUE 4.00").waitFor();
    else {
      const panel = page.locator("#builder-panel");
      if (way === "touch") await hands.press(button("builder:toolbar.fit"));
      await hands.press(page.locator(".react-flow__node", { hasText: "Code" }));
      await hands.press(panel.getByRole("tab", { name: words("builder:panel.lastRun") }));
      await panel.getByText("BLUE 4.00").waitFor();
      await hands.press(panel.getByRole("radio", { name: `${words("builder:data.log")} 1` }));
      await panel.getByText("asked for blue").waitFor();
      await leavePanel();
    }
    await shoot(page, `newcomer-${way}-tried`);
    await assertAccessible(page, `a trial by ${way}`);

    await hands.press(button("builder:more"));
    await hands.press(page.getByRole("menuitem", { name: words("builder:publish.title") }));
    await hands.press(dialog.getByRole("button", { name: words("builder:publish.action"), exact: true }));
    await dialog.waitFor({ state: "detached" });

    // It is called from outside and seen while it is looked at: one call succeeds, one fails.
    await page.goto(`${app.url}/executions`);
    await page.getByText(words("shell:live.live"), { exact: true }).first().waitFor({ state: "attached" });
    const hook = `${app.url}/hooks/${path}?colour=blue`;
    assert.equal(await curl("-X", "POST", `${hook}&size=m`), '{"answer":"BLUE 5.00"}');
    // On a phone the state is a picture with a name.
    const row = (status: "succeeded" | "failed") => {
      const word = words(`ui:status.${status}`);
      const rows = page.getByRole("row").filter({ hasText: name });
      return rows
        .getByText(word)
        .or(rows.getByRole("img", { name: word }))
        .first();
    };
    await row("succeeded").waitFor();
    assert.match(await curl("-X", "POST", "-i", hook), /^HTTP\/1.1 500 /);
    await row("failed").waitFor();

    // Run again from the step that failed, with other data.
    await hands.press(page.getByRole("link", { name }).first());
    // On a phone the step is not open beside its execution.
    if (way === "touch") await hands.press(button("executions:failure.show", { node: "Code" }));
    await hands.press(button("executions:rerun.editFirst"));
    const editor = dialog.getByRole("textbox", { name: words("executions:rerun.input") });
    await editor.waitFor();
    await hands.replace(editor, '{"query": {"colour": "blue", "size": "xl"}}');
    await hands.press(dialog.getByRole("button", { name: words("executions:rerun.action"), exact: true }));
    await hands.press(page.getByRole("tab", { name: words("executions:data.reply", { status: 200 }) }));
    await page.getByText("BLUE 6.00").first().waitFor();
    await shoot(page, `newcomer-${way}-again`);
    await page.context().close();
  });

/** What it prints. */
const curl = async (...args: string[]) => (await promisify(execFile)("curl", ["-sS", ...args])).stdout;

/** Out of fields and panels, as far as it takes. */
async function escapeTo(page: Page, target: Locator): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Escape");
  }
  assert.fail("Escape does not lead to the canvas");
}
