// The form of a schedule: there and back without losing what it does not show.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schedule } from "../api/schedules.ts";
import { bodyOf, emptyForm, formOf, ruleOf, ruleText } from "./scheduleForm.ts";

const schedule = {
  id: "1",
  name: "Nightly",
  workflowId: "w",
  workflowName: "Report",
  trigger: "clock",
  input: { region: "north" },
  cron: "0 2 * * *",
  timezone: "Europe/Vienna",
  gap: "skip",
  overlap: "bufferOne",
  missed: "window",
  missedWindowSeconds: 1800,
  pauseAfterFailures: 3,
  excludeDates: ["12-25"],
  excludeCalendars: ["holidays", "works"],
  start: "2026-01-01",
} as unknown as Schedule;

test("a schedule that is opened and stored unchanged stays as it was", () => {
  assert.deepEqual(bodyOf(formOf(schedule), schedule), {
    name: "Nightly",
    workflow: "w",
    trigger: "clock",
    input: { region: "north" },
    cron: "0 2 * * *",
    timezone: "Europe/Vienna",
    gap: "skip",
    overlap: "bufferOne",
    missed: "window",
    missedWindowSeconds: 1800,
    pauseAfterFailures: 3,
    excludeDates: ["12-25"],
    excludeCalendars: ["holidays", "works"],
    start: "2026-01-01",
  });
});

test("only the chosen kind of rule travels, and seconds are a number", () => {
  const form = { ...emptyForm("UTC"), kind: "interval" as const, interval: " 45 ", cron: "* * * * *" };
  assert.deepEqual(ruleOf(form), { interval: 45, timezone: "UTC" });
  assert.deepEqual(ruleOf({ ...form, interval: "15m" }), { interval: "15m", timezone: "UTC" });
  assert.equal(ruleOf({ ...form, interval: " " }), null);
  assert.equal(bodyOf({ ...form, interval: "" }, null), null);
});

test("an empty number is left out, not zero", () => {
  const body = bodyOf({ ...emptyForm("UTC"), name: "a", workflow: "w" }, null);
  assert.equal(body?.pauseAfterFailures, undefined);
  assert.equal(body?.jitterSeconds, undefined);
  assert.equal(body?.missedWindowSeconds, undefined);
});

test("several expressions stand in one line of the list", () => {
  assert.equal(ruleText({ cron: "0 9 * * *\n0 12 * * *" }), "0 9 * * * | 0 12 * * *");
  assert.equal(ruleText({ interval: 45 }), "45");
});
