import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAtATime } from "./reading.ts";

test("whoever asks during a reading gets one that began afterwards; those who ask together share it", async () => {
  let [value, seen, readings, underWay] = [0, -1, 0, 0];
  let finish = (): void => {};
  const read = oneAtATime(async () => {
    readings += 1;
    underWay += 1;
    assert.equal(underWay, 1);
    const found = value;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    seen = found;
    underWay -= 1;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = read();
  await turn();
  value = 1;
  const [second, third] = [read(), read()];
  finish();
  await first;
  assert.equal(seen, 0);
  await turn();
  finish();
  await Promise.all([second, third]);
  assert.deepEqual([seen, readings], [1, 2]);
});

test("one that fails rejects those who waited for it, and the next one is made all the same", async () => {
  let isDown = true;
  const read = oneAtATime(async () => {
    if (isDown) throw new Error("down");
  });
  await assert.rejects(read(), /down/);
  isDown = false;
  await read();
});
