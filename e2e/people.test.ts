// People, as they meet the app: the owner sets the server up, invites somebody, both secure their accounts; an
// organization that wants a second factor lets nobody in without. Passkeys come from a virtual authenticator.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, shoot } from "./harness/look.ts";
import { openApp } from "./harness/openApp.ts";

const app = await openApp({ after }, { environment: { AURAOS_SIGN_INS_PER_MINUTE: "1000" } });
const password = "four unlikely grey herons";
// Passkeys want a name.
const home = app.url.replace("127.0.0.1", "localhost");
// Wrong passwords and weak ones are part of the story.
app.forgive(/(401|403|409|422) \(/);

// The owner is made once for the file, by whichever test comes first; everybody else belongs to one test.
let isMade: Promise<void> | undefined;
const owner = () => (isMade ??= setUp());

async function setUp(): Promise<void> {
  const page = await app.page({ signedIn: false });
  await page.goto((await app.setUpAddress()).replace("127.0.0.1", "localhost"));
  await page.getByRole("heading", { name: "Set up this server" }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "the token stays in no history");
  await assertAccessible(page, "set-up");
  await shoot(page, "set-up-1280-light");
  await page.getByLabel("Your name").fill("Ann Owner");
  await page.getByLabel("E-mail").fill("ann@example.com");
  await page.getByLabel("Password").fill("password123");
  await page.getByLabel("Organization").fill("Heron Works");
  await page.getByRole("button", { name: "Make the owner's account" }).click();
  await page.getByText("is one that everybody tries").waitFor();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Make the owner's account" }).click();
  await page.getByRole("button", { name: /^Account: Ann Owner/ }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.context().close();
}

test("the owner's account is made with the printed address, once", async () => {
  await owner();
  const page = await app.page({ signedIn: false });
  await page.goto(`${home}/set-up#${"x".repeat(43)}`);
  await page.getByText("This server has an owner.").waitFor();
  await page.context().close();
});

test("somebody is invited, joins, and sees what the role allows", async () => {
  await owner();
  const page = await app.page({ person: await signedIn("ann@example.com") });
  await page.goto(`${home}/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail address").fill("bob@example.com");
  await shoot(page, "invite-1280-light");
  await page.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Hand over this address" });
  await dialog.waitFor();
  const invitation = ((await dialog.locator("pre").textContent()) ?? "")
    .replace("127.0.0.1", "localhost")
    .trim();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByText("bob@example.com").waitFor();
  await assertAccessible(page, "members");

  const bob = await app.page({ signedIn: false, width: 390 });
  await bob.goto(invitation);
  await bob.getByRole("heading", { name: "Join Heron Works" }).waitFor();
  await assertAccessible(bob, "invitation");
  await shoot(bob, "invitation-390-light");
  await bob.getByLabel("Your name").fill("Bob Editor");
  await bob.getByLabel("Password").fill(password);
  await bob.getByRole("button", { name: "Create account and join" }).click();
  await bob.getByRole("button", { name: "Open the navigation" }).waitFor();
  await bob.goto(`${home}/members`);
  await bob.getByText("Ann Owner").waitFor();
  assert.equal(await bob.getByRole("button", { name: "Invite" }).count(), 0, "an editor invites nobody");
  await bob.context().close();

  await page.reload();
  await page.getByLabel("Role of Bob Editor").click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await page.getByLabel("Role of Bob Editor").getByText("Viewer").waitFor();
  await shoot(page, "members-1280-light");
  await page.context().close();
});

test("an authenticator app is set up, asked for, and replaced by a backup code", async () => {
  const page = await app.page({ person: await member("Eve Careful", "editor") });
  await page.goto(`${home}/security`);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("dialog").getByLabel("Current password").fill("wrong password");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("The password is wrong.").waitFor();
  await page.getByRole("dialog").getByLabel("Current password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  await assertAccessible(page, "authenticator app");
  await shoot(page, "totp-1280-light");
  await page.getByText("The app cannot scan?").click();
  const secret = (await page.getByRole("dialog").locator("pre").textContent()) ?? "";
  await page.getByLabel("Code", { exact: true }).fill(codeOf(secret));
  await page.getByRole("button", { name: "Turn on" }).click();
  const codes = page.getByRole("dialog", { name: "Backup codes" });
  await codes.waitFor();
  await shoot(page, "backup-codes-1280-light");
  const backup = ((await codes.locator("pre").textContent()) ?? "").split(/\s+/)[0] ?? "";
  await codes.getByRole("button", { name: "I have kept it" }).click();
  await page.getByText("On", { exact: true }).waitFor();
  await page.context().close();

  const again = await app.page({ signedIn: false });
  await beginSignIn(again, "eve@example.com");
  await again.getByLabel("Code", { exact: true }).waitFor();
  await shoot(again, "sign-in-code-1280-light");
  await again.getByRole("button", { name: "Use a backup code" }).click();
  await again.getByLabel("Backup code").fill(backup);
  await again.getByRole("button", { name: "Continue" }).click();
  await again.getByRole("button", { name: /^Account: Eve Careful/ }).waitFor();
  await again.goto(`${home}/security`);
  await again.getByText("Password and backup code").waitFor();
  await again.context().close();
});

test("a passkey is added and signs in by itself", async () => {
  const page = await app.page({ person: await member("Gil Passkey", "editor") });
  await withAuthenticator(page);
  await page.goto(`${home}/security`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("Name", { exact: true }).fill("work laptop");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("The passkey is added.", { exact: true }).waitFor();
  await page.getByText("work laptop").waitFor();
  await assertAccessible(page, "my account");
  await shoot(page, "security-1280-light");
  await page.getByRole("button", { name: /^Account: Gil Passkey/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("button", { name: /^Account: Gil Passkey/ }).waitFor();
  await page.goto(`${home}/security`);
  await page.getByText("Passkey", { exact: true }).waitFor();
  await page.context().close();
});

test("a key is made, shown once, and works; all of it in Arabic, dark, on a phone", async () => {
  const person = await member("Cleo Admin", "admin");
  const page = await app.page({ person, theme: "dark", language: "ar", width: 390 });
  await page.goto(`${home}/security`);
  await page.getByRole("heading", { name: "حسابي" }).waitFor();
  await assertAccessible(page, "my account in Arabic");
  await shoot(page, "security-390-dark-ar");
  await page.getByRole("button", { name: "إنشاء مفتاح" }).click();
  await page.getByLabel("الاسم", { exact: true }).fill("deploy");
  await page.getByRole("dialog").getByRole("button", { name: "إنشاء مفتاح" }).click();
  const made = page.getByRole("dialog", { name: "المفتاح الجديد" });
  await made.waitFor();
  const key = (await made.locator("pre").textContent()) ?? "";
  const answer = await fetch(`${app.url}/api/v1/workflows`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 200);
  await made.getByRole("button", { name: "احتفظت بها" }).click();
  await page.goto(`${home}/members`);
  await page.getByText("cleo@example.com").waitFor();
  await assertAccessible(page, "members in Arabic");
  await shoot(page, "members-390-dark-ar");
  await page.getByRole("button", { name: "دور جديد" }).click();
  await page.getByRole("dialog", { name: "دور جديد" }).waitFor();
  await assertAccessible(page, "role in Arabic");
  await shoot(page, "role-390-dark-ar");
  await page.context().close();
});

test("a role of the organization's own is made, given and changed; what it lacks is refused and in the audit log", async () => {
  const { cookies: fred } = await member("Fred Editor", "editor");
  const page = await app.page({ person: await member("Dora Admin", "admin") });
  await page.goto(`${home}/members`);
  await page.getByRole("button", { name: "New role" }).click();
  const dialog = page.getByRole("dialog", { name: "New role" });
  await dialog.getByLabel("Name of the role").fill("night-shift");
  await dialog.getByLabel("What it is for").fill("Runs what is due at night");
  await dialog.getByLabel("Begin with the rights of").click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await dialog.getByRole("checkbox", { name: "run Workflows" }).check();
  assert.ok(await dialog.getByRole("checkbox", { name: "look Workflows" }).isChecked(), "a viewer's right");
  assert.ok(
    await dialog.getByRole("checkbox", { name: "delete Organization" }).isDisabled(),
    "an admin gives no right of the owner's",
  );
  await assertAccessible(page, "role");
  await shoot(page, "role-1280-light");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Runs what is due at night").waitFor();

  await page.getByLabel("Role of Fred Editor").click();
  await page.getByRole("option", { name: "night-shift" }).click();
  await page.getByLabel("Role of Fred Editor").getByText("night-shift").waitFor();
  await assertAccessible(page, "members with a role of their own");
  await shoot(page, "members-roles-1280-light");

  const build = () =>
    asPerson(fred, "POST", "/api/v1/workflows", { name: `Fred's ${Date.now()}`, nodes: [] });
  assert.equal((await asPerson(fred, "GET", "/api/v1/workflows")).status, 200);
  assert.equal((await build()).status, 403);
  const { items } = await app.call<{
    items: { actor: string; role: string; action: string; code: string }[];
  }>("GET", "/api/v1/audit?kind=denial&action=workflow.write");
  const [denial] = items;
  assert.deepEqual(
    [denial?.actor, denial?.role, denial?.code],
    ["user:fred@example.com", "night-shift", "NOT_ALLOWED"],
  );

  await page.getByRole("button", { name: "Edit night-shift" }).click();
  await page.getByRole("checkbox", { name: "change Workflows" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal((await build()).status, 201, "at once");

  await page.getByRole("button", { name: "Delete night-shift" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("A member, an invitation or a key has this role.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Actions for Fred Editor" }).click();
  await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await page.getByText("Fred Editor is signed out everywhere.", { exact: true }).waitFor();
  assert.equal((await asPerson(fred, "GET", "/api/v1/account")).status, 401);
  await page.context().close();
});

type Person = { at: string; organization: string; cookies: string };

/** Signs in over HTTP. */
async function signedIn(email: string): Promise<Person> {
  return personOf(await asPerson("", "POST", "/api/v1/auth/sign-in", { email, password }));
}

/** Somebody new, by invitation over HTTP, signed in. Their address begins with the first name. */
async function member(name: string, role: "editor" | "admin"): Promise<Person> {
  await owner();
  const email = `${name.split(" ")[0]?.toLowerCase()}@example.com`;
  const { link } = await app.call<{ link: string }>("POST", "/api/v1/invitations", { email, role });
  const token = new URL(link).hash.slice(1);
  return personOf(await asPerson("", "POST", "/api/v1/auth/invitation/accept", { token, name, password }));
}

async function personOf(answer: Response): Promise<Person> {
  assert.ok(answer.ok, await answer.clone().text());
  const cookies = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const account = await asPerson(cookies, "GET", "/api/v1/account");
  const { organizations } = (await account.json()) as { organizations: { id: string }[] };
  return { at: home, organization: organizations[0]?.id ?? "", cookies };
}

function asPerson(cookie: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(app.url + path, {
    method,
    headers: {
      origin: app.url,
      ...(cookie === "" ? {} : { cookie }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function beginSignIn(page: Page, email: string): Promise<void> {
  await page.goto(`${home}/sign-in`);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('input[name="password"]').press("Enter");
}

/** A device that has a finger on it whenever it is asked. */
async function withAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** RFC 6238: SHA-1, six digits, thirty seconds. */
function codeOf(secret: string): string {
  const bits = [...secret]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
