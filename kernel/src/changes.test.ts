import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changesOf, withChanges } from "./changes.ts";
import type { Item } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";

const one = (json: Json, files?: Item["files"]): Item[] => [{ json, ...(files ? { files } : {}) }];
const file = { blob: "b", name: "n", mimeType: "text/plain", bytes: 1 };

test("fields that were added or written over, and no others", () => {
  const list = [1, 2];
  assert.deepEqual(changesOf(one({ a: 1, list, b: 2 }), one({ a: 1, list, b: 3, c: null })), [
    { b: 3, c: null },
  ]);
  assert.deepEqual(
    changesOf(one({ list: [1] }), one({ list: [1] })),
    [{ list: [1] }],
    "equal is not the same",
  );
  assert.deepEqual(changesOf(one({}), one({ a: 1 })), [{ a: 1 }]);
});

test("what is not the input with changes is recorded in full", () => {
  const files = { data: file };
  for (const [input, output] of [
    [one({ a: 1, b: 2 }), one({ b: 2 })],
    [one({ a: 1, b: 2 }), one({ b: 2, a: 1 })],
    [one({ a: 1 }), one({ "1": 1, a: 1 })],
    [one({ a: 1 }), one([1])],
    [one(1), one({ a: 1 })],
    [one({ a: 1 }, files), one({ a: 1 })],
    [one({ a: 1 }), one({ a: 1 }, files)],
    [one({ a: 1 }), [...one({ a: 1 }), ...one({ a: 1 })]],
    [[], []],
  ] as [Item[], Item[]][])
    assert.equal(changesOf(input, output), undefined, JSON.stringify([input, output]));
});

test("a field without a value and the field __proto__ are not left to a merge", () => {
  assert.equal(changesOf(one({ a: 1 }), one({ a: undefined } as unknown as JsonObject)), undefined);
  const odd = JSON.parse('{"a": 1, "__proto__": {"b": 2}}') as JsonObject;
  assert.equal(changesOf(one({ a: 1 }), one(odd)), undefined);
  const [changes] = changesOf(one(odd), one({ ...odd, c: 3 })) ?? [];
  assert.deepEqual(changes, { c: 3 });
  assert.equal(
    JSON.stringify(withChanges(one(odd), [{ c: 3 }])[0]?.json),
    '{"a":1,"__proto__":{"b":2},"c":3}',
  );
});

test("files stay with their item", () => {
  const files = { data: file };
  const input = one({ a: 1 }, files);
  assert.deepEqual(
    withChanges(input, changesOf(input, [{ json: { a: 2 }, files }]) ?? []),
    one({ a: 2 }, files),
  );
});

test("written down and read back, the output is what the node gave, in the order of its keys", () => {
  const key = fc.oneof(fc.constantFrom("a", "b", "0", "1", "10", "__proto__", "toString"), fc.string());
  const value = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 2 }),
  );
  const fields = fc.array(fc.tuple(key, value), { maxLength: 5 });
  let hits = 0;
  fc.assert(
    fc.property(fields, fields, fc.boolean(), (given, more, keeps) => {
      const input: Item[] = one(Object.fromEntries(given) as JsonObject);
      const kept = keeps ? Object.entries(input[0]?.json as JsonObject) : [];
      const output: Item[] = one(Object.fromEntries([...kept, ...more]) as JsonObject);
      const changes = changesOf(input, output);
      if (changes === undefined) return;
      hits++;
      const recorded = JSON.parse(JSON.stringify(changes)) as JsonObject[];
      assert.equal(JSON.stringify(withChanges(input, recorded)), JSON.stringify(output));
    }),
    { seed: 7, numRuns: 2_000 },
  );
  assert.ok(hits > 200, `only ${hits} outputs were changes of their input`);
});
