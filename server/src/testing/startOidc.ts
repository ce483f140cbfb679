// Starts an authorization server for a test, and does in it what a person does in a browser.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Scope } from "./freshDatabase.ts";
import type { OidcOrder } from "./oidcProcess.ts";

export type Oidc = {
  issuer: string;
  tokenRequests(): Promise<number>;
  /** From now on no token is given any more. */
  refuse(): Promise<void>;
};

export async function startOidc(scope: Scope, order: OidcOrder): Promise<Oidc> {
  const child = fork(fileURLToPath(new URL("oidcProcess.ts", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { PATH: process.env.PATH },
  });
  scope.after(async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
  });
  const ask = async <Answer>(message: OidcOrder | string): Promise<Answer> => {
    const asked = new AbortController();
    const given = once(child, "message", asked);
    const ended = once(child, "exit", asked).then(([code]) => {
      throw new Error(`the authorization server ended with ${code}`);
    });
    child.send(message);
    try {
      const [answer] = await Promise.race([given, ended]);
      return answer as Answer;
    } finally {
      ended.catch(() => {});
      asked.abort();
    }
  };
  const { issuer } = await ask<{ issuer: string }>(order);
  return {
    issuer,
    tokenRequests: async () => (await ask<{ requests: number }>("count")).requests,
    refuse: async () => void (await ask("refuse")),
  };
}

/** Signs in as `login`, allows everything, and gives the parameters with which the service sends the browser back. */
export async function allowAs(login: string, url: string, redirectUri: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let next = new URL(url);
  let form: string | undefined;
  for (let hops = 0; hops < 15; hops++) {
    const response: Response = await fetch(next, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(form === undefined ? {} : { body: form }),
    });
    form = undefined;
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    const location = response.headers.get("location");
    if (location !== null) {
      next = new URL(location, next);
      if (next.href.startsWith(redirectUri)) return next.searchParams;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    assert.ok(prompt, `no form in: ${page.slice(0, 500)}`);
    next = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? "", next);
    form = new URLSearchParams({ prompt, login, password: "any" }).toString();
  }
  throw new Error("The service never sent the browser back.");
}
