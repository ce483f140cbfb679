// Histories recorded by released kernels fold to the very state they had, turn by turn, for ever.
// A new history is added with `node kernel/histories/record.ts NAME`; an existing one is never changed: where this
// test fails, it is `evolve` that broke its promise.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { canonicalHash } from "../histories/canonicalHash.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { evolve } from "./evolve.ts";
import type { Fact } from "./facts.ts";
import { newState } from "./state.ts";
import { compiled } from "./testing/world.ts";

const FOLDER = new URL("../histories/", import.meta.url);

type History = {
  name: string;
  recorded: string;
  definition: WorkflowDefinition;
  turns: { facts: Fact[]; stateHash: string }[];
};

const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));

test("histories are kept", () => {
  assert.ok(files.length >= 10, `only ${files.length} histories in kernel/histories`);
});

for (const file of files)
  test(`history ${file} folds to the states it had`, () => {
    const history = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as History;
    const program = compiled(history.definition);
    const state = newState();
    for (const [index, turn] of history.turns.entries()) {
      for (const fact of turn.facts) evolve(program, state, fact);
      assert.equal(canonicalHash(state), turn.stateHash, `after turn ${index + 1} of ${history.name}`);
    }
  });
