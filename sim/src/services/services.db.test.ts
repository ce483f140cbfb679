// A small run of the services in every test run: schedules, bus, tasks and pools of the product on a real database, under
// virtual time and faults. `npm run sim -- --services` plays as many as one wants.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openServiceDatabase } from "./database.ts";
import { runServices } from "./run.ts";
import { playServices } from "./story.ts";

const database = await openServiceDatabase();
after(() => database.close());

test("what starts by itself, under faults: nothing lost, nothing twice, nothing over a limit", async () => {
  const said: string[] = [];
  const options = { seed: "test", executions: 400, say: (line: string) => void said.push(line) };
  const { counts, figures } = await runServices(options);
  const found = { lost: counts.lost, duplicated: counts.duplicated, illegal: counts.illegal };
  assert.deepEqual(found, { lost: 0, duplicated: 0, illegal: 0 }, said.join("\n"));
  assert.ok(figures.fires > 50 && figures.events > 50 && figures.runs > 20, JSON.stringify(figures));
  assert.ok(figures.takeovers > figures.stories, "the faults were played");
});

test("the same seed gives the same story of the services, line by line", async () => {
  const first = await playServices(database, { seed: "again/1", hasLog: true });
  const second = await playServices(database, { seed: "again/1", hasLog: true });
  assert.ok(first.log.length > 100);
  assert.equal(first.log.join("\n"), second.log.join("\n"));
});
