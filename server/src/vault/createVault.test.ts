// A key that is replaced between the reading of a sealed text and its opening: what was read is read again.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { rootsOf } from "../testing/sealingStore.ts";
import { createVault } from "./createVault.ts";
import { EnvelopeError, KeyGone } from "./envelope.ts";

const vault = createVault({ roots: rootsOf(randomBytes(32)), nowMs: Date.now });

test("reads again when the key has gone meanwhile, once", async () => {
  let reads = 0;
  const read = async (failures: number, error: Error) => {
    reads += 1;
    if (reads <= failures) throw error;
    return "opened";
  };
  assert.equal(await vault.reading(() => read(1, new KeyGone("gone"))), "opened");
  assert.equal(reads, 2);
  reads = 0;
  await assert.rejects(
    vault.reading(() => read(2, new KeyGone("gone"))),
    KeyGone,
  );
  reads = 0;
  await assert.rejects(
    vault.reading(() => read(1, new EnvelopeError("changed"))),
    /changed/,
  );
  assert.equal(reads, 1);
});
