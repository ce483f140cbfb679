// Trials after an unclean end, under a clock that is moved by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handClock } from "../testing/handClock.ts";
import type { CrashMarker, CrashNote } from "./engine.types.ts";
import { createSuspects } from "./suspects.ts";

const MINUTE = 60_000;

test("a trial does not pass while its execution is still being loaded, however long that takes", async () => {
  const { clock, advance } = movedClock();
  let note: CrashNote = { deaths: { one: 3, two: 2 }, trying: [] };
  const marker: CrashMarker = {
    open: () => null,
    write: (next) => {
      note = next;
    },
    remove: () => {},
  };
  const suspects = createSuspects({ clock, log: () => {} }, marker, structuredClone(note));
  const gone: string[] = [];
  const admitted = ["one", "two"].map((id) => suspects.admit(id).then(() => gone.push(id)));
  await advance(2_000);
  await admitted[0];

  await advance(MINUTE);
  assert.deepEqual(gone, ["one"], "the next one waits");
  assert.deepEqual(note, { deaths: { one: 3, two: 2 }, trying: ["one"] });

  suspects.loaded("one");
  await advance(49);
  assert.deepEqual(gone, ["one"]);
  await advance(1);
  await admitted[1];
  assert.deepEqual(note, { deaths: { two: 2 }, trying: ["two"] }, "it has got through");
  suspects.loaded("two");
  await advance(50);
  assert.deepEqual(note, { deaths: {}, trying: [] });
});

test("loaded a second time within its trial, it is tried until the second one is over", async () => {
  const { clock, advance } = movedClock();
  let note: CrashNote = { deaths: {}, trying: [] };
  const marker: CrashMarker = {
    open: () => null,
    write: (next) => {
      note = next;
    },
    remove: () => {},
  };
  const suspects = createSuspects({ clock, log: () => {} }, marker, note);
  await suspects.admit("one");
  suspects.loaded("one");
  await advance(1_500);
  await suspects.admit("one");
  suspects.loaded("one");
  await advance(1_500);
  assert.deepEqual(note.trying, ["one"]);
  await advance(500);
  assert.deepEqual(note.trying, []);
});

/** What waits for a timer has gone on when the clock has been moved. */
function movedClock() {
  const clock = handClock();
  const advance = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, advance };
}
