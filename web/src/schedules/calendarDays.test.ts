// The days of the calendar of schedules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOf, groupByDay } from "./calendarDays.ts";

test("whole weeks from the Monday of today, over a change of month", () => {
  const days = daysOf(new Date(2026, 2, 29), 0, 2);
  assert.equal(days.length, 14);
  assert.equal(days[0]?.toDateString(), new Date(2026, 2, 23).toDateString());
  assert.equal(days.at(-1)?.toDateString(), new Date(2026, 3, 5).toDateString());
  assert.ok(days.every((day) => day.getHours() === 0));
  assert.equal(daysOf(new Date(2026, 2, 29), 4, 4)[0]?.toDateString(), new Date(2026, 3, 20).toDateString());
});

test("fires stand under their local day", () => {
  const at = new Date(2026, 4, 4, 23, 30).toISOString();
  const groups = groupByDay([{ scheduleId: "1", name: "late", at }]);
  assert.equal(groups.get(new Date(2026, 4, 4).toDateString())?.length, 1);
});
