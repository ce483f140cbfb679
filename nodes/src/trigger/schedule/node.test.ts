import assert from "node:assert/strict";
import { it } from "node:test";
import { scheduleTrigger } from "./node.ts";

const check = scheduleTrigger.checkConfig ?? (() => []);

it("takes one of cron, every and rrule", () => {
  assert.deepEqual(check({ cron: "0 9 * * MON-FRI", timezone: "Europe/Berlin" }), []);
  assert.deepEqual(check({ every: "15m" }), []);
  assert.deepEqual(check({ rrule: "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9" }), []);
  assert.equal(check({})[0]?.code, "SCHEDULE_RULE");
  assert.equal(check({ cron: "* * * * *", every: 5 })[0]?.field, "every");
});

it("says which field of a cron expression is wrong, and where", () => {
  const [problem] = check({ cron: "0 25 * * *" });
  assert.equal(problem?.field, "cron");
  assert.equal(problem?.code, "CRON_FIELD_INVALID");
  assert.match(problem?.message ?? "", /^The hour .*"25".*character 3/);
});

it("knows its zones, and what the window needs", () => {
  assert.match(check({ cron: "* * * * *", timezone: "Mars/Base" })[0]?.message ?? "", /time zone/);
  assert.equal(check({ cron: "* * * * *", missed: "window" })[0]?.field, "missedWindowSeconds");
});

it("cannot have templates, since no item exists yet", () => {
  assert.equal(check({ cron: "{{ $json.when }}" })[0]?.code, "TEMPLATE_NOT_ALLOWED");
});
