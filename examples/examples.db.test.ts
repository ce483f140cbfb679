// Every example on a real server: over HTTP, and from the command line as people type it. Both give what the example
// says it gives.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { startPracticeApi } from "@auraos/server/practiceApi/startPracticeApi.ts";
import { runningServer } from "@auraos/server/testing/runningServer.ts";
import { type Example, inputOf, listExamples } from "./testing/examples.ts";
import { startMailServer } from "./testing/mailServer.ts";

const program = join(import.meta.dirname, "../server/bin/auraos.mjs");
const folder = mkdtempSync(join(tmpdir(), "auraos-examples-"));
const practiceApi = await startPracticeApi();
const mail = await startMailServer();
after(async () => {
  await Promise.all([practiceApi.close(), mail.close()]);
  rmSync(folder, { recursive: true, force: true });
});
const hosts = [`127.0.0.1:${new URL(practiceApi.url).port}`, `127.0.0.1:${mail.port}`];
const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: hosts.join(",") });
const { call } = server;
const services = { practiceApi: practiceApi.url, mailPort: mail.port };

for (const example of listExamples()) {
  describe(example.name, () => {
    it("gives the expected output from the command line", { timeout: 150_000 }, async () => {
      await prepare(example);
      const input = join(folder, `${example.name}.json`);
      writeFileSync(input, JSON.stringify(inputOf(example, services)));
      const file = join(example.folder, example.isYaml ? "workflow.yaml" : "workflow.json");
      const { code, out, err } = await auraos(["run", file, "--input", input, "--json"]);
      assert.equal(code, 0, err + out);
      assert.deepEqual(JSON.parse(out).output, example.expected);
    });

    it("gives the expected output over HTTP", { timeout: 150_000 }, async () => {
      await prepare(example);
      // The command line has stored and published it: the folder of the workflow is its to read.
      const name = encodeURIComponent((example.workflow as { name: string }).name);
      const { status, json, text } = await call(
        "POST",
        `/api/v1/workflows/${name}/execute?wait=50`,
        inputOf(example, services),
      );
      assert.equal(status, 200, text);
      assert.equal(json.status, "succeeded", text);
      assert.deepEqual(json.output, example.expected);
    });
  });
}

/** As if nobody had run it before. */
async function prepare(example: Example): Promise<void> {
  if (example.practiceApi) await fetch(`${practiceApi.url}/forget`, { method: "POST" });
  for (const { name, columns, rows } of example.tables) {
    const there = (await call("GET", `/api/v1/tables?name=${encodeURIComponent(name)}`)).json.items[0];
    if (there) await call("DELETE", `/api/v1/tables/${there.id}`);
    const made = await call("POST", "/api/v1/tables", { name, columns });
    assert.equal(made.status, 201, made.text);
    if (rows.length === 0) continue;
    const written = await call("POST", `/api/v1/tables/${made.json.id}/rows`, { rows });
    assert.equal(written.status, 201, written.text);
  }
}

function auraos(args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { dataDir, databaseUrl = "" } = server.settings;
  const env = {
    PATH: process.env.PATH ?? "",
    AURAOS_DATA: dataDir,
    AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
    DATABASE_URL: databaseUrl,
  };
  const child = spawn(process.execPath, [program, ...args], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
