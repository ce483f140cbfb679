// The ways in which a person works with the app, behind one interface, so that one story can be told by mouse, by touch
// and by keyboard alone. Each act of a person is counted.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

export type Hands = {
  /** Acts so far: a click, a text that is written, a key that does something. Moving the focus is none. */
  acts(): number;
  /** Acts of keys that go to whatever has the focus. */
  did(acts: number): void;
  press(target: Locator): Promise<void>;
  write(target: Locator, text: string): Promise<void>;
  /** Instead of what stands there. */
  replace(target: Locator, text: string): Promise<void>;
};

const TABS_MAX = 120;
const PRESSES_MAX = 10;
const AGAIN_MS = 3_000;

export function handsOf(page: Page, way: "mouse" | "touch" | "keyboard"): Hands {
  let acts = 0;
  const reach = async (target: Locator) => {
    await target.waitFor();
    if (way === "touch") return target.tap();
    if (way === "mouse") return target.click();
    await tabTo(page, target);
  };
  return {
    acts: () => acts,
    did: (more) => {
      acts += more;
    },
    async press(target) {
      acts += 1;
      await reach(target);
      if (way === "keyboard") await page.keyboard.press("Enter");
    },
    async write(target, text) {
      acts += 1;
      await reach(target);
      await page.keyboard.insertText(text);
    },
    async replace(target, text) {
      acts += 1;
      await reach(target);
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    },
  };
}

/** Groups of which Tab reaches one; arrows lead on. */
const arrowOf: Record<string, string> = { menuitem: "ArrowDown", tab: "ArrowRight", radio: "ArrowRight" };

/** As a person does who has no other way: key by key, until the focus is there or inside. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const arrow = arrowOf[(await target.getAttribute("role")) ?? ""];
  const place = () =>
    target.evaluate((element) => {
      const { activeElement } = document;
      if (element === activeElement || element.contains(activeElement)) return "there";
      const group = element.closest("[role=menu], [role=tablist], [role=radiogroup]");
      return group?.contains(activeElement) ? "beside" : "elsewhere";
    });
  for (let turn = 0; turn < TABS_MAX; turn += 1) {
    const at = await place();
    if (at === "there") return;
    await page.keyboard.press(at === "beside" && arrow ? arrow : "Tab");
  }
  assert.fail(`No key leads to ${target}`);
}

/**
 * In the palette of the builder that opens, by keys alone. The list listens a moment after it is drawn: a key that comes
 * before is pressed again, as a person does.
 */
export async function choose(page: Page, search: string, type: RegExp): Promise<void> {
  const palette = page.locator("[cmdk-input]:focus");
  await palette.waitFor();
  await page.keyboard.type(search);
  await page.getByRole("option", { name: type, selected: true }).waitFor();
  for (let turn = 0; turn < PRESSES_MAX; turn += 1) {
    await page.keyboard.press("Enter");
    const gone = palette.waitFor({ state: "detached", timeout: AGAIN_MS });
    if (
      await gone.then(
        () => true,
        () => false,
      )
    )
      return;
  }
  assert.fail(`${search} is not chosen`);
}
