// Two people at one workflow: each is told what the other did; and rights that end while a page is open.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { draftsOf } from "./harness/drafts.ts";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after });
const { newWorkflow, draftOf } = draftsOf(app);
const password = "four unlikely grey herons";
const chain = {
  nodes: [
    { id: "start", type: "trigger.manual", name: "Start", config: {} },
    { id: "greet", type: "set", name: "Greet", config: { fields: { text: "Hello" } } },
  ],
  connections: [{ from: "start", to: "greet" }],
};
const ann = await joined(await app.setUpAddress(), { name: "Ann Owner", isOwner: true });
const { link } = await app.call<{ link: string }>("POST", "/api/v1/invitations", {
  email: "bob@example.com",
  role: "editor",
});
const bob = await joined(link, { name: "Bob Editor", isOwner: false });

async function joined(address: string, { name, isOwner }: { name: string; isOwner: boolean }): Promise<Page> {
  const page = await app.page({ signedIn: false });
  await page.goto(address);
  await page.getByLabel("Your name").fill(name);
  if (isOwner) {
    await page.getByLabel("E-mail").fill("ann@example.com");
    await page.getByLabel("Organization").fill("Heron Works");
  }
  await page.getByLabel("Password").fill(password);
  await page
    .getByRole("button", { name: isOwner ? "Make the owner's account" : "Create account and join" })
    .click();
  await page.getByRole("button", { name: `Account: ${name}` }).waitFor();
  return page;
}

async function open(page: Page, id: string): Promise<void> {
  await page.goto(`${app.url}/workflows/${id}`);
  await page.getByText("Draft saved").waitFor();
}

async function rename(page: Page, from: string, to: string): Promise<void> {
  await page.locator(".react-flow__node", { hasText: from }).click();
  await page.getByLabel("Name of the node").fill(to);
  await page.keyboard.press("Enter");
}

test("who stored the draft meanwhile, what changed there and what changed here", async () => {
  app.forgive(/409 \(Conflict\)/);
  const id = await newWorkflow("Two people", chain);
  await open(ann, id);
  await open(bob, id);
  await rename(ann, "Greet", "Greet warmly");
  await ann.getByText("Draft saved").waitFor();
  await rename(bob, "Start", "Begin");
  const dialog = bob.getByRole("dialog", { name: "The draft was changed elsewhere" });
  await dialog.getByText("Stored by ann@example.com").waitFor();
  await dialog
    .getByRole("region", { name: "What changed there" })
    .getByText("Greet warmly")
    .first()
    .waitFor();
  await dialog.getByRole("region", { name: "What you changed" }).getByText("Begin").first().waitFor();
  await shoot(bob, "builder-two-people-1280-light");
  await assertAccessible(bob, "two people");
  // Looked at first, decided later.
  await bob.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "Changed elsewhere" }).click();
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await bob.getByText("Draft saved").waitFor();
  await rename(ann, "Greet warmly", "Greet briefly");
  await ann.getByText("Stored by bob@example.com").waitFor();
  await ann.getByRole("button", { name: "Take theirs" }).click();
  await ann.getByText("Draft saved").waitFor();
  assert.deepEqual(
    (await draftOf(id)).nodes.map(({ name }) => name),
    ["Begin", "Greet"],
  );
});

test("rights that end while a page is open: it is said, kept, and saved when they are back", async () => {
  app.forgive(/403 \(Forbidden\)/);
  const id = await newWorkflow("Rights", chain);
  await open(bob, id);
  const { items } = await app.call<{ items: { userId: string; name: string }[] }>("GET", "/api/v1/members");
  const member = items.find(({ name }) => name === "Bob Editor")?.userId ?? "";
  await app.call("PUT", `/api/v1/members/${member}`, { role: "viewer" });
  await rename(bob, "Greet", "Written too late");
  await bob.getByText("You may no longer change this workflow.").waitFor();
  await shoot(bob, "builder-rights-gone-1280-light");
  await assertAccessible(bob, "rights that are gone");
  assert.deepEqual(
    (await draftOf(id)).nodes.map(({ name }) => name),
    ["Start", "Greet"],
  );
  await app.call("PUT", `/api/v1/members/${member}`, { role: "editor" });
  await bob.getByRole("button", { name: "Not saved" }).click();
  await bob.getByText("Draft saved").waitFor();
  assert.deepEqual(
    (await draftOf(id)).nodes.map(({ name }) => name),
    ["Start", "Written too late"],
  );
});

test("each version says who published it, with which word about it", async () => {
  const id = await newWorkflow("Published by Ann", chain);
  await open(ann, id);
  await ann.getByRole("button", { name: "Publish 1" }).click();
  const dialog = ann.getByRole("dialog", { name: "Publish version 1" });
  await dialog.getByLabel("What changed and why").fill("Greets");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await ann.getByRole("button", { name: "Published 1" }).waitFor();
  await open(bob, id);
  const [hers, his] = [await versionsOf(ann), await versionsOf(bob)];
  await hers.getByRole("button", { name: /^Version 1 Live .*Published by you Greets$/ }).waitFor();
  await his
    .getByRole("button", { name: /^Version 1 Live .*Published by ann@example\.com Greets$/ })
    .waitFor();
  await shoot(bob, "builder-versions-1280-light");
  await assertAccessible(bob, "versions");
});

async function versionsOf(page: Page) {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Versions" }).click();
  return page.getByRole("dialog", { name: "Versions" });
}
