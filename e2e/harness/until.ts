// Waits for what no page shows: asks again until it holds.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(PAUSE_MS))
    if (await holds()) return;
  assert.fail("it does not come to hold");
}
