// A small run of the simulation in every test run, and its own promise: a story is a function of its seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { plantedBugs } from "./planted/bugs.ts";
import { wrongPlaces } from "./planted/run.ts";
import { servicePlantedBugs } from "./planted/serviceBugs.ts";
import { runSeed } from "./run.ts";
import { playStory } from "./story.ts";

test("thousands of executions under faults: nothing lost, nothing twice, nothing illegal", async () => {
  const said: string[] = [];
  const { counts } = await runSeed({ seed: "test", executions: 5_000, say: (line) => said.push(line) });
  assert.deepEqual(
    { lost: counts.lost, duplicated: counts.duplicated, illegal: counts.illegal },
    NOTHING,
    said.join("\n"),
  );
  assert.ok(counts.crashes > 100, "the faults were played");
});

test("the same seed gives the same story, byte for byte", async () => {
  for (const seed of ["again/0", "again/1", "again/2", "again/3", "again/4"]) {
    const first = await playStory({ seed, hasLog: true });
    const second = await playStory({ seed, hasLog: true });
    assert.ok(first.log.length > 50);
    assert.equal(first.log.join("\n"), second.log.join("\n"));
  }
});

test("every planted bug still finds its place in the source (sim/src/planted/bugs.ts)", () => {
  assert.deepEqual([...plantedBugs, ...servicePlantedBugs].flatMap(wrongPlaces), []);
});

const NOTHING = { lost: 0, duplicated: 0, illegal: 0 };
