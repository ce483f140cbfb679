// A whole server over TLS, its own or that of a proxy in front: what browsers are told, and where cookies may go.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assemble } from "./assemble.ts";
import { migrate } from "./migrations/migrate.ts";
import { readSettings } from "./platform/settings.ts";
import { oneExample } from "./testing/certificates.fixture.ts";
import { freshDatabase } from "./testing/freshDatabase.ts";
import { goodPassword, setUpOwner } from "./testing/people.ts";
import { runningServer, testKey } from "./testing/runningServer.ts";

const STAY = "max-age=63072000; includeSubDomains";

test("over TLS browsers are told to stay there, and cookies are for TLS alone", async (t) => {
  const server = await runningServer(t, { AURAOS_URL: "https://auraos.example.com" });
  for (const path of ["/health/live", "/api/v1/workflows", "/hooks/nobody", "/forms/nobody", "/nowhere", "/"])
    assert.equal((await server.call("GET", path)).headers.get("strict-transport-security"), STAY, path);
  const owner = await setUpOwner(server);
  const signedIn = await owner.call("POST", "/api/v1/auth/sign-in", {
    email: "ann@example.com",
    password: goodPassword,
  });
  const [cookie = ""] = signedIn.headers.getSetCookie().filter((line) => line.includes("session"));
  assert.match(cookie, /^__Host-auraos\.session=[^;]+;/);
  assert.match(cookie, /; Secure/i);
  assert.doesNotMatch(cookie, /; Domain/i);
  const plain = await runningServer(t);
  assert.equal((await plain.call("GET", "/health/live")).headers.get("strict-transport-security"), null);
});

test("a server with a certificate of its own speaks TLS, and nothing else", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "auraos-tls-"));
  const database = await freshDatabase(t, migrate);
  const [certFile, keyFile] = [join(dataDir, "server.pem"), join(dataDir, "server.key")];
  writeFileSync(certFile, oneExample.certificate);
  writeFileSync(keyFile, oneExample.key);
  const settings = readSettings({
    DATABASE_URL: database.url,
    AURAOS_DATA: dataDir,
    AURAOS_API_KEY: testKey,
    AURAOS_LOG: "silent",
    AURAOS_TLS_CERT: certFile,
    AURAOS_TLS_KEY: keyFile,
    PORT: "0",
  });
  const running = await assemble(settings, { log: () => {} });
  try {
    assert.match(running.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const { status, stay } = await new Promise<{ status: number; stay: unknown }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${testKey}` };
      request(`${running.url}/api/v1/workflows`, { ca: oneExample.certificate, headers }, (response) => {
        response.resume();
        resolve({
          status: response.statusCode ?? 0,
          stay: response.headers["strict-transport-security"],
        });
      })
        .on("error", reject)
        .end();
    });
    assert.deepEqual([status, stay], [200, STAY]);
    await assert.rejects(fetch(running.url.replace("https:", "http:")));
  } finally {
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
