import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "./changesOf.ts";

test("what became different is named by its place, elements of lists by their id", () => {
  const before = {
    name: "Orders",
    revision: 1,
    nodes: [
      { id: "a", config: { url: "http://x", retries: 1 } },
      { id: "b", config: {} },
    ],
  };
  const after = {
    name: "Orders",
    revision: 2,
    nodes: [
      { id: "new", config: {} },
      { id: "a", config: { url: "http://y", retries: 1 } },
    ],
  };
  assert.deepEqual(changesOf(before, after), [
    { path: "revision", before: 1, after: 2 },
    { path: "nodes/a/config/url", before: "http://x", after: "http://y" },
    { path: "nodes/b", before: { id: "b", config: {} } },
    { path: "nodes/new", after: { id: "new", config: {} } },
  ]);
  assert.deepEqual(changesOf(after, after), []);
});

test("what is made or removed is shown field by field", () => {
  assert.deepEqual(changesOf(undefined, { id: "1", on: true }), [
    { path: "id", after: "1" },
    { path: "on", after: true },
  ]);
  assert.deepEqual(changesOf({ id: "1" }, undefined), [{ path: "id", before: "1" }]);
});

test("no secret comes through, by name, by pair, by looks, however deep", () => {
  const secret = "canary-7d1f0c";
  const views = [
    { password: secret },
    { key: secret },
    { apiKey: secret },
    { clientSecret: { value: secret } },
    { headers: [{ name: "Authorization", value: secret }] },
    { headers: { authorization: secret } },
    { link: `https://here/invitation#${secret}` },
    { backupCodes: [secret] },
    { config: { deep: { list: [{ token: secret }] } } },
    { text: `Bearer ${secret}` },
    { url: `https://user:${secret}@host/` },
    { note: `aos_${secret}0123456789` },
    { nodes: [{ id: "n", config: { auth: { accessToken: secret } } }] },
  ];
  for (const view of views) {
    for (const [before, after] of [
      [undefined, view],
      [view, undefined],
      [{}, view],
      [{ ...view, x: 1 }, { x: 2 }],
    ]) {
      const text = JSON.stringify(changesOf(before, after));
      assert.ok(!text.includes(secret), text);
      assert.ok(text.includes("[redacted]"), text);
    }
  }
});

test("who somebody is is not written down; that it changed is", () => {
  assert.deepEqual(changesOf({ email: "a@x.org", role: "viewer" }, { email: "b@x.org", role: "owner" }), [
    { path: "email", before: "[personal]", after: "[personal]" },
    { path: "role", before: "viewer", after: "owner" },
  ]);
  assert.deepEqual(changesOf({ name: "Ann" }, { name: "Anna" }, { isPerson: true }), [
    { path: "name", before: "[personal]", after: "[personal]" },
  ]);
  const [ann, bob] = [
    { id: "1", name: "Ann" },
    { id: "2", name: "Bob" },
  ];
  assert.deepEqual(changesOf({ owner: ann }, { owner: bob }), [
    { path: "owner/id", before: "1", after: "2" },
    { path: "owner/name", before: "[personal]", after: "[personal]" },
  ]);
  assert.deepEqual(changesOf({ owner: { home: ann } }, { owner: { home: bob } }).at(-1), {
    path: "owner/home/name",
    before: "[personal]",
    after: "[personal]",
  });
  assert.deepEqual(changesOf({ owner: null }, { owner: bob }), [
    { path: "owner", before: null, after: { id: "2", name: "[personal]" } },
  ]);
  assert.deepEqual(changesOf({}, { view: { owner: ann, name: "Orders" } }), [
    { path: "view", after: { owner: { id: "1", name: "[personal]" }, name: "Orders" } },
  ]);
  assert.deepEqual(changesOf({ draftBy: "user:a@x.org" }, { draftBy: "key:robot" }), [
    { path: "draftBy", before: "[personal]", after: "key:robot" },
  ]);
});

test("long values are a hash, and many changes a number", () => {
  const change = changesOf({ text: "a" }, { text: "x".repeat(10_000) })[0] as { after: unknown };
  const { bytes, sha256 } = change.after as { bytes: number; sha256: string };
  assert.equal(bytes, 10_002);
  assert.match(sha256, /^[0-9a-f]{64}$/);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, n]));
  const found = changesOf({}, many);
  assert.equal(found.length, 61);
  assert.deepEqual(found.at(-1), { path: "...", after: "440 further changes" });
});
