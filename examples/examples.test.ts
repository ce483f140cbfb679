// Every example compiles, runs to its end in memory and gives what it says it gives. The tests of the server run them
// on the real engine.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { testContext } from "@auraos/nodes/testing.ts";
import { type PracticeApi, startPracticeApi } from "@auraos/server/practiceApi/startPracticeApi.ts";
import { type Example, itemsOf, listExamples } from "./testing/examples.ts";
import { type MailServer, startMailServer } from "./testing/mailServer.ts";
import { compileExample, runInMemory } from "./testing/runInMemory.ts";

const limitMs = 60_000;

let practiceApi: PracticeApi;
let mail: MailServer;
before(async () => {
  practiceApi = await startPracticeApi();
  mail = await startMailServer();
});
after(() => Promise.all([practiceApi.close(), mail.close()]));

for (const example of listExamples()) {
  describe(example.name, () => {
    it("is explained", () => {
      assert.ok(existsSync(join(example.folder, "README.md")));
    });

    it("has a definition without problems", () => {
      compileExample(example.workflow);
    });

    const skip = example.server && "needs a server: examples.db.test.ts";
    it("gives the expected output", { timeout: limitMs, skip }, async () => {
      if (example.practiceApi) await fetch(`${practiceApi.url}/forget`, { method: "POST" });
      const context = testContext(filesOf(example));
      const items = itemsOf(example, { practiceApi: practiceApi.url, mailPort: mail.port });
      const finished = await runInMemory(example.workflow, items, context);
      assert.deepEqual(finished, { status: "succeeded", output: example.expected });
      for (const [path, text] of Object.entries(expectedFiles(example))) {
        assert.equal(context.files.texts[path], text);
      }
    });
  });
}

function filesOf(example: Example): Record<string, string> {
  return readTexts(example.folder, ["seattle-weather.csv"]);
}

function expectedFiles(example: Example): Record<string, string> {
  return readTexts(join(example.folder, "expected"), [
    "reports/weekly.md",
    "reports/weekly.csv",
    "invoices/2026-0042.html",
  ]);
}

function readTexts(folder: string, names: readonly string[]): Record<string, string> {
  const there = names.filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(there.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
