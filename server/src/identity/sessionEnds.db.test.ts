// How sessions end, and that proving more changes their token. Time is a number of this test; the database is real.
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { after, test } from "node:test";
import { browserOf } from "../testing/browserOf.ts";
import { goodPassword, invited, setUpOwner, signedIn } from "../testing/people.ts";
import { runningServer } from "../testing/runningServer.ts";
import { totpCode } from "../testing/totp.ts";
import { createSessions } from "./sessions.ts";

const HOUR_MS = 3_600_000;
const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const owner = await setUpOwner(server);
const { identity } = server.running.deps;

/** Sessions as the server has them, under a clock of our own. */
function underClock(idleMs: number) {
  const clock = { ms: Date.now() };
  const sessions = createSessions({
    auth: identity.auth,
    url: identity.url,
    pool: identity.pool,
    nowMs: () => clock.ms,
    idleMs,
    changed: () => {},
  });
  return { clock, sessions };
}

async function requestOf(email: string): Promise<IncomingMessage> {
  const browser = await signedIn(server, email);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return { headers: { cookie } } as IncomingMessage;
}

test("a session that nobody uses ends; one in use goes on", async () => {
  const { clock, sessions } = underClock(72 * HOUR_MS);
  const [used, left] = [await requestOf("ann@example.com"), await requestOf("ann@example.com")];
  for (let hours = 0; hours < 200; hours += 20) {
    assert.equal((await sessions.personOf(used))?.email, "ann@example.com", `in use after ${hours} h`);
    clock.ms += 20 * HOUR_MS;
  }
  assert.equal(await sessions.personOf(left), undefined, "left alone for 200 h");
  // It is gone, not only refused: a clock that goes back does not bring it again.
  clock.ms -= 199 * HOUR_MS;
  sessions.forget();
  assert.equal(await sessions.personOf(left), undefined);
});

test("a session ends at its time, however much it is used", async () => {
  const { clock, sessions } = underClock(72 * HOUR_MS);
  const request = await requestOf("ann@example.com");
  const ends = Number((await sessions.personOf(request))?.expiresAtMs);
  assert.ok(Math.abs(ends - clock.ms - 14 * 24 * HOUR_MS) < HOUR_MS, "fourteen days");
  while (clock.ms + 20 * HOUR_MS < ends) {
    clock.ms += 20 * HOUR_MS;
    assert.equal((await sessions.personOf(request))?.expiresAtMs, ends, "not prolonged by use");
  }
  clock.ms = ends - 1;
  assert.notEqual(await sessions.personOf(request), undefined);
  clock.ms = ends;
  assert.equal(await sessions.personOf(request), undefined);
});

test("every sign-in and every proof gives a new token, and the one before opens nothing", async () => {
  const one = await signedIn(server, "ann@example.com");
  const two = await signedIn(server, "ann@example.com");
  const tokenOf = (browser: typeof one) => browser.cookies.get("auraos.session") ?? "";
  assert.notEqual(tokenOf(one), tokenOf(two));

  // Fixation: a token that the browser brings along is not kept.
  const fixed = browserOf(server);
  fixed.cookies.set("auraos.session", tokenOf(one));
  await fixed.call("POST", "/api/v1/auth/sign-in", { email: "ann@example.com", password: goodPassword });
  assert.notEqual(tokenOf(fixed), tokenOf(one));

  const before = tokenOf(one);
  const thief = browserOf(server);
  thief.cookies.set("auraos.session", before);
  assert.equal((await thief.call("GET", "/api/v1/account")).status, 200);
  const proved = await one.call("POST", "/api/v1/auth/proof", { password: goodPassword });
  assert.equal(proved.status, 204, proved.text);
  assert.match(proved.headers.getSetCookie().join(), /auraos\.session=.*HttpOnly; SameSite=Lax/);
  assert.notEqual(tokenOf(one), before);
  assert.equal((await one.call("GET", "/api/v1/account")).status, 200, "the new token is good");
  assert.equal((await thief.call("GET", "/api/v1/account")).status, 401, "the copy of the old one is not");
});

test("signing out everywhere, by oneself, by an admin, by a new password and by removal, ends every session", async () => {
  const bob = await invited(server, owner, "bob@example.com", "editor");
  const { json: me } = await bob.call("GET", "/api/v1/account");
  const again = () => signedIn(server, "bob@example.com");
  const isOut = async (...browsers: (typeof bob)[]) => {
    for (const browser of browsers) assert.equal((await browser.call("GET", "/api/v1/account")).status, 401);
  };
  const [phone, laptop] = [await again(), await again()];
  assert.equal((await phone.call("DELETE", "/api/v1/account/sessions?here=1")).status, 204);
  await isOut(bob, phone, laptop);

  const tablet = await again();
  const ended = await owner.call("POST", `/api/v1/members/${me.user.id}/sign-out`);
  assert.equal(ended.status, 204, ended.text);
  await isOut(tablet);

  const [old, current] = [await again(), await again()];
  const changed = await current.call("PUT", "/api/v1/auth/password", {
    currentPassword: goodPassword,
    newPassword: "five unlikely blue herons",
  });
  assert.equal(changed.status, 204, changed.text);
  await isOut(old);

  const last = await signedIn(server, "bob@example.com", "five unlikely blue herons");
  assert.equal((await owner.call("DELETE", `/api/v1/members/${me.user.id}`)).status, 204);
  assert.equal((await last.call("GET", "/api/v1/workflows")).status, 403, "belongs to nothing any more");
});

test("a new password by mail does not replace the second factor", async () => {
  const cleo = await invited(server, owner, "cleo@example.com", "viewer");
  const { json: begun } = await cleo.call("POST", "/api/v1/auth/totp", { password: goodPassword });
  const confirmed = await cleo.call("PUT", "/api/v1/auth/totp", { code: totpCode(begun.totpURI, -1) });
  assert.equal(confirmed.status, 204, confirmed.text);
  const links: string[] = [];
  const { send } = identity.mail;
  identity.mail.send = async ({ link }) => links.push(link) > 0;
  const stranger = browserOf(server);
  await stranger.call("POST", "/api/v1/auth/password-reset", { email: "cleo@example.com" });
  identity.mail.send = send;
  const newPassword = "six unlikely red herons";
  const token = new URL(links[0] ?? "").hash.slice(1);
  assert.equal((await stranger.call("POST", "/api/v1/auth/password", { token, newPassword })).status, 204);
  const half = await stranger.call("POST", "/api/v1/auth/sign-in", {
    email: "cleo@example.com",
    password: newPassword,
  });
  assert.deepEqual([half.status, half.json], [200, { twoFactorNeeded: true }]);
  assert.equal((await stranger.call("GET", "/api/v1/account")).status, 401, "the code is still asked for");
  const code = totpCode(begun.totpURI);
  assert.equal((await stranger.call("POST", "/api/v1/auth/sign-in/code", { code })).status, 200);
});
