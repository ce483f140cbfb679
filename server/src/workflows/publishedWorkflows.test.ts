// The cache of what is in service: one read for many callers, and nothing old after a publication.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pool } from "../platform/db.ts";
import { createPublishedWorkflows } from "./publishedWorkflows.ts";

const versions = ["first", "second"].map((versionId) => ({ workflowId: "w", workflowName: "W", versionId }));

/** A database that answers when it is told to. */
function slowDatabase() {
  const answers: ((rows: unknown[]) => void)[] = [];
  const query = () =>
    new Promise((resolve) => {
      answers.push((rows) => resolve({ rows }));
    });
  return { answers, pool: { query } as unknown as Pool };
}

test("a hundred callers at once are one read, and the next ones none", async () => {
  const { answers, pool } = slowDatabase();
  const published = createPublishedWorkflows({ journal: pool, nowMs: () => 0 });
  const found = Promise.all(Array.from({ length: 100 }, () => published.find("org", "W")));
  assert.equal(answers.length, 1);
  answers[0]?.([versions[0]]);
  for (const one of await found) assert.equal(one?.versionId, "first");
  assert.equal((await published.find("org", "W"))?.versionId, "first");
  assert.equal(answers.length, 1);
});

test("what was being read when something was published is not kept", async () => {
  const { answers, pool } = slowDatabase();
  const published = createPublishedWorkflows({ journal: pool, nowMs: () => 0 });
  const before = published.find("org", "W");
  published.forget();
  const after = published.find("org", "W");
  assert.equal(answers.length, 2);
  answers[1]?.([versions[1]]);
  answers[0]?.([versions[0]]);
  assert.equal((await before)?.versionId, "first");
  assert.equal((await after)?.versionId, "second");
  assert.equal((await published.find("org", "W"))?.versionId, "second");
});
