import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings, SettingsError } from "./settings.ts";

test("an empty environment gives the documented defaults", () => {
  const settings = readSettings({});
  assert.equal(settings.port, 4000);
  assert.equal(settings.host, "127.0.0.1");
  assert.ok(settings.dataDir.endsWith("/.auraos"));
  assert.equal(settings.filesDir, `${settings.dataDir}/files`);
  assert.deepEqual(settings.allowHosts, []);
  assert.equal(settings.inputBytesMax, 50 * 1024 * 1024);
});

test("the allow list is split and trimmed", () => {
  const settings = readSettings({ AURAOS_ALLOW_HOSTS: " 127.0.0.1:80, 10.0.0.0/8 ,," });
  assert.deepEqual(settings.allowHosts, ["127.0.0.1:80", "10.0.0.0/8"]);
});

test("everything wrong is said at once", () => {
  const wrong = { PORT: "many", AURAOS_LOG: "loud", DATABASE_URL: "mysql://x", AURAOS_URL: "x" };
  assert.throws(
    () => readSettings(wrong),
    (error) => error instanceof SettingsError && error.problems.length === 4,
  );
});
