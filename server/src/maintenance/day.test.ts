import assert from "node:assert/strict";
import { test } from "node:test";
import { dayAt } from "./day.ts";

const HOUR_MS = 3_600_000;
const text = (at: string, zone: string) => {
  const { fromMs, untilMs } = dayAt(Date.parse(at), zone);
  return [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()];
};

test("a day goes from midnight to midnight of its zone, its first moment included", () => {
  assert.deepEqual(text("2026-11-26T20:59:59.999Z", "Asia/Riyadh"), [
    "2026-11-25T21:00:00.000Z",
    "2026-11-26T21:00:00.000Z",
  ]);
  assert.deepEqual(text("2026-11-26T21:00:00Z", "Asia/Riyadh"), [
    "2026-11-26T21:00:00.000Z",
    "2026-11-27T21:00:00.000Z",
  ]);
  assert.deepEqual(text("2026-11-26T21:00:00Z", "UTC"), [
    "2026-11-26T00:00:00.000Z",
    "2026-11-27T00:00:00.000Z",
  ]);
});

test("days join without a gap over a year of clock changes, also where clocks change at midnight", () => {
  for (const zone of ["Africa/Cairo", "Asia/Beirut", "Europe/Vienna", "America/New_York", "Asia/Kathmandu"]) {
    const end = Date.parse("2027-01-02T00:00:00Z");
    let day = dayAt(Date.parse("2026-01-01T12:00:00Z"), zone);
    const lengths = new Map<number, number>();
    while (day.untilMs < end) {
      const next = dayAt(day.untilMs, zone);
      assert.equal(next.fromMs, day.untilMs, `${zone} ${new Date(day.untilMs).toISOString()}`);
      assert.deepEqual(dayAt(next.untilMs - 1, zone), next);
      const hours = (next.untilMs - next.fromMs) / HOUR_MS;
      lengths.set(hours, (lengths.get(hours) ?? 0) + 1);
      day = next;
    }
    const [short, long] = zone === "Asia/Kathmandu" ? [0, 0] : [1, 1];
    assert.deepEqual([lengths.get(23) ?? 0, lengths.get(25) ?? 0], [short, long], zone);
  }
});
