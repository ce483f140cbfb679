// Ends that are told before it is known whose they are: kept while somebody watches, for nobody else, and not for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEarly } from "./early.ts";
import { placeholder } from "./entry.ts";

const failed = { status: "failed", message: "It broke." } as const;

test("an end that is told while its fire is being written down is not missed, whichever turn it came with", () => {
  const early = createEarly();
  const over = early.watch([placeholder("s")]);
  early.note("x", failed);
  assert.deepEqual(early.take("x"), failed);
  assert.equal(early.take("x"), undefined);
  over();
});

test("what is told while nobody watches is nobody's, and what was told before the oldest watch goes", () => {
  const early = createEarly();
  early.note("x", failed);
  assert.equal(early.take("x"), undefined);
  const first = early.watch([]);
  early.note("a", failed);
  const second = early.watch([]);
  early.note("b", failed);
  first();
  assert.equal(early.take("a"), undefined);
  assert.deepEqual(early.take("b"), failed);
  early.note("c", failed);
  second();
  assert.equal(early.take("c"), undefined);
});

test("when somebody hangs while very many end, those who watch are read again", () => {
  const early = createEarly();
  const entry = { ...placeholder("s"), isStale: false };
  const over = early.watch([entry]);
  for (let at = 0; at <= 50_000; at++) early.note(`x${at}`, failed);
  assert.equal(entry.isStale, true);
  assert.equal(early.take("x0"), undefined);
  over();
});
