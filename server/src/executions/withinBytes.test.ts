import assert from "node:assert/strict";
import { test } from "node:test";
import { withinBytes } from "./withinBytes.ts";

const item = (index: number, length: number) => ({ index, json: "x".repeat(length) });

test("what is too large says so, and takes no room", () => {
  const { items } = withinBytes({ items: [item(0, 10), item(1, 5_000), item(2, 10)] }, 1_000);
  assert.deepEqual(
    items.map((one) => [one.json?.length, "leftOut" in one ? one.leftOut : undefined]),
    [
      [10, undefined],
      [undefined, 5_002],
      [10, undefined],
    ],
  );
});

test("a page ends before it is too large, and the next begins where it ended", () => {
  const all = Array.from({ length: 10 }, (_, index) => item(index, 900));
  const page = withinBytes<(typeof all)[0], { items: typeof all; next?: string }>({ items: all }, 1_000);
  assert.deepEqual([page.items.length, page.next], [4, "4"]);
});
