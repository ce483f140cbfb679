// People for tests: an owner by the set-up, others by invitation, each with a browser that is signed in.
import assert from "node:assert/strict";
import { type Browser, browserOf } from "./browserOf.ts";
import type { TestServer } from "./runningServer.ts";

export const goodPassword = "four unlikely grey herons";

export async function setUpOwner(server: TestServer, email = "ann@example.com"): Promise<Browser> {
  const browser = browserOf(server);
  const token = await server.running.deps.identity.setUpToken();
  const made = await browser.call("POST", "/api/v1/auth/set-up", {
    token,
    name: "Ann Owner",
    email,
    password: goodPassword,
  });
  assert.equal(made.status, 201, made.text);
  return browser;
}

/** Invited by `inviter` into the organization that its requests are about. */
export async function invited(
  server: TestServer,
  inviter: Browser,
  email: string,
  role: string,
  headers: Record<string, string> = {},
): Promise<Browser> {
  const invitation = await inviter.call("POST", "/api/v1/invitations", { email, role }, headers);
  assert.equal(invitation.status, 201, invitation.text);
  const browser = browserOf(server);
  const token = new URL(invitation.json.link).hash.slice(1);
  const accepted = await browser.call("POST", "/api/v1/auth/invitation/accept", {
    token,
    name: email.split("@")[0],
    password: goodPassword,
  });
  assert.equal(accepted.status, 200, accepted.text);
  return browser;
}

export async function signedIn(server: TestServer, email: string, password = goodPassword): Promise<Browser> {
  const browser = browserOf(server);
  const { status, text } = await browser.call("POST", "/api/v1/auth/sign-in", { email, password });
  assert.equal(status, 200, text);
  return browser;
}
