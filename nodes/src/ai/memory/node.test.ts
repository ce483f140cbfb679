// With a table in memory; durable on a real database: server/src/activities/agent.db.test.ts.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import type { DataTables } from "../../defineNode.ts";
import { runNode } from "../../testing.ts";
import { aiChat } from "../chat/node.ts";
import { says, startStandIn } from "../testing/standIn.ts";
import { aiMemory } from "./node.ts";

it("brings back the last messages of its key, and forgets what falls out of the window", async (t) => {
  const server = await startStandIn();
  t.after(() => server.close());
  let rows: JsonObject[] = [];
  const made: string[] = [];
  const tables: DataTables = {
    ensure: async (table) => void made.push(table),
    count: async () => rows.length,
    find: async (_table, { where, limit }) =>
      rows
        .filter(({ key }) => key === where[0]?.value)
        .reverse()
        .slice(0, limit),
    async write(_table, change) {
      if (change.kind === "write")
        rows.push(...change.rows.map((row, index) => ({ ...row, id: rows.length + index + 1 })));
      if (change.kind === "delete") {
        const gone = change.filter.where[0]?.value as number[];
        rows = rows.filter(({ id }) => !gone.includes(id as number));
      }
      return { inserted: 0, updated: 0, deleted: 0, rows: [] };
    },
  };
  const say = async (key: string, prompt: string, answer: string) => {
    server.play(says(answer));
    const memory = [{ id: "m", name: "m", type: "ai.memory", config: { key, window: 4 } }];
    const config = { baseUrl: server.url, model: "small", system: "Be kind.", prompt };
    await runNode(aiChat, { config }, { tables }, { attached: { memory } });
    return ((server.seen[0]?.body.messages ?? []) as JsonObject[]).map(({ content }) => content);
  };
  assert.deepEqual(await say("ada", "one?", "1."), ["Be kind.", "one?"]);
  assert.deepEqual(await say("bo", "hello?", "Hi."), ["Be kind.", "hello?"]);
  assert.deepEqual(await say("ada", "two?", "2."), ["Be kind.", "one?", "1.", "two?"]);
  await say("ada", "three?", "3.");
  assert.deepEqual(await say("ada", "four?", "4."), ["Be kind.", "two?", "2.", "three?", "3.", "four?"]);
  assert.deepEqual(
    rows.filter(({ key }) => key === "ada").map(({ content }) => content),
    ["three?", "3.", "four?", "4."],
  );
  assert.deepEqual(new Set(made), new Set(["AI memory"]));
});

it("needs a key", () => {
  assert.equal(aiMemory.checkConfig?.({})[0]?.field, "key");
});
