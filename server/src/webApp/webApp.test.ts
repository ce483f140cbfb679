import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import express from "express";
import { webApp } from "./webApp.ts";

const page = '<!doctype html><meta name="csp-nonce" content="" /><div id="root"></div>';
const script = "console.log('here');";
const asBrowser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("every address of the app is its page, with a nonce of its own", async (t) => {
  const get = await serve(t, { "index.html": page });
  for (const path of ["/", "/workflows", "/workflows/0195/anything?x=1"]) {
    const answer = await get(path, asBrowser);
    assert.equal(answer.status, 200, path);
    const [, nonce = ""] = /content="([^"]+)"/.exec(answer.text) ?? [];
    assert.ok(nonce.length >= 20, "the page carries the nonce");
    assert.match(
      answer.headers.get("content-security-policy") ?? "",
      new RegExp(`'nonce-${literal(nonce)}'`),
    );
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.notEqual((await get(path, asBrowser)).text, answer.text, "another one every time");
  }
});

test("scripts come from this server alone, and nothing is inline", async (t) => {
  const policy = (await (await serve(t, { "index.html": page }))("/", asBrowser)).headers.get(
    "content-security-policy",
  );
  assert.match(policy ?? "", /default-src 'none'; script-src 'self'; /);
  assert.doesNotMatch(policy ?? "", /unsafe/);
  assert.match(policy ?? "", /frame-ancestors 'none'/);
});

test("the server's own addresses, and what programs miss, pass by", async (t) => {
  const get = await serve(t, { "index.html": page });
  for (const path of ["/api/v1/nothing", "/hooks/x", "/health/ready", "/metrics", "/socket.io/?x=1"])
    assert.equal((await get(path, asBrowser)).status, 418, path);
  assert.equal((await get("/nowhere", { accept: "*/*" })).status, 418);
  for (const path of ["/assets/gone-1234.js", "/assets/app-1a2b.js~", "/appearance.js~", "/assets/folder"])
    assert.equal((await get(path, asBrowser)).status, 418, path);
  assert.equal((await get("/../package.json", asBrowser)).status, 418);
});

test("hashed files are cached for ever and sent as the browser can read them", async (t) => {
  const get = await serve(t, {
    "index.html": page,
    "assets/app-1a2b.js": script,
    "assets/app-1a2b.js.br": brotliCompressSync(script),
    "favicon.svg": "<svg/>",
  });
  for (const encoding of ["br", "identity"]) {
    const answer = await get("/assets/app-1a2b.js", { "accept-encoding": encoding });
    assert.equal(answer.text, script);
    assert.equal(answer.headers.get("content-encoding"), encoding === "br" ? "br" : null);
    assert.equal(answer.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
  }
  assert.equal((await get("/favicon.svg")).headers.get("cache-control"), "no-cache");
  assert.equal((await get("/assets/app-1a2b.js.br")).status, 418);
});

test("a new build is served without a restart, and without a build the API goes on", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "auraos-web-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const get = await listen(t, folder);
  assert.equal((await get("/", asBrowser)).status, 418);
  writeFileSync(join(folder, "index.html"), `${page}one`);
  assert.match((await get("/", asBrowser)).text, /one$/);
  writeFileSync(join(folder, "index.html"), `${page}two`);
  utimesSync(join(folder, "index.html"), new Date(), new Date(Date.now() + 5_000));
  assert.match((await get("/", asBrowser)).text, /two$/);
});

async function serve(t: TestContext, files: Record<string, string | Buffer>) {
  const folder = mkdtempSync(join(tmpdir(), "auraos-web-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "assets"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return listen(t, folder);
}

async function listen(t: TestContext, folder: string) {
  const app = express();
  app.use(webApp(folder));
  app.use((_request, response) => void response.status(418).end());
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}

function literal(text: string): string {
  return text.replace(/[+/=]/g, "\\$&");
}
