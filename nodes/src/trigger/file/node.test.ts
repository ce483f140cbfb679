import assert from "node:assert/strict";
import { it } from "node:test";
import type { AreaFile } from "../../defineNode.ts";
import { testContext } from "../../testing.ts";
import { listenTo } from "../testing.ts";
import { fileTrigger } from "./node.ts";

function area(files: AreaFile[]) {
  return { ...testContext().files, list: async () => files.map((file) => ({ ...file })) };
}
const file = (path: string, bytes = 1, modifiedMs = 0): AreaFile => ({ path, bytes, modifiedMs });

it("takes what is new and no longer changes, once", async () => {
  const there = [file("inbox/old.csv")];
  const listening = listenTo(fileTrigger, { folder: "inbox", names: "*.csv" }, { files: area(there) });
  await listening.until(() => listening.cursor() !== undefined);
  there.push(file("inbox/a.csv"), file("inbox/a.txt"));
  await listening.until(() => listening.messages.length === 1);
  assert.deepEqual(listening.messages[0]?.data, {
    path: "inbox/a.csv",
    name: "a.csv",
    bytes: 1,
    modifiedAt: "1970-01-01T00:00:00.000Z",
  });
  there.splice(1, 1, file("inbox/a.csv", 2));
  there.push(file("inbox/b.csv"));
  await listening.until(() => listening.messages.length === 2);
  assert.equal(listening.messages[1]?.data.path, "inbox/b.csv");
  await listening.stop();
});

it("goes on where it was, and counts changes when asked to", async () => {
  const there = [file("a"), file("b")];
  const cursor = { seen: { a: "0:1" } };
  const listening = listenTo(fileTrigger, { on: "changed" }, { files: area(there), cursor });
  await listening.until(() => listening.messages.length === 1);
  assert.equal(listening.messages[0]?.data.path, "b");
  there.splice(0, 1, file("a", 5, 9));
  await listening.until(() => listening.messages.length === 2);
  assert.deepEqual([listening.messages[1]?.data.path, listening.messages[1]?.data.bytes], ["a", 5]);
  assert.deepEqual(listening.cursor(), { seen: { a: "9:5", b: "0:1" } });
  await listening.stop();
});
