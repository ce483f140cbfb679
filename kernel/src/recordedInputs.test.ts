// What was recorded is sent again, whatever the definition says by then: an upgrade must not send another body under
// the key of an effect that may have happened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCommands } from "./commandsOf.ts";
import { evolve } from "./evolve.ts";
import { newState } from "./state.ts";
import { compiled, World, workflow } from "./testing/world.ts";

const asking = (value: string) =>
  workflow(
    [
      { id: "start", type: "trigger.manual" },
      { id: "look", type: "read", config: { value } },
      { id: "pay", type: "call", config: { value } },
      { id: "send", type: "once", config: { value } },
    ],
    ["start -> look", "start -> pay", "start -> send"],
  );

test("after a restart on another definition, effects are sent as they were recorded and reads as they are now", () => {
  const before = new World(asking("old"), () => "hang").start();
  const keys = new Map(before.held.map(({ command, key }) => [command, key]));
  const program = compiled(asking("new"));
  const state = newState();
  for (const fact of before.facts) evolve(program, state, fact);
  const sent = openCommands(program, state).flatMap((command) =>
    command.type === "RunActivity" ? [command] : [],
  );
  assert.deepEqual(
    sent.map(({ node, config }) => [node, config]),
    [
      ["look", { value: "new" }],
      ["pay", { value: "old" }],
      ["send", { value: "old" }],
    ],
  );
  for (const { command, key } of sent) assert.equal(key, keys.get(command));
});
