import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowLimits } from "../api/limits.ts";
import { bodyOf, formOf } from "./limitsForm.ts";

test("limits come back as they were; an empty field is no limit", () => {
  const counts = { pauseReason: null, failures: 0, startsInWindow: 0, startsToday: 0, open: 0 };
  const limits = {
    ...{ rate: { count: 5, seconds: 30 }, dailyMax: 9, openMax: 3, pauseAfterFailures: 2, paused: false },
    ...{ pool: "db", places: 2, priority: -4, fairKey: "{{ $json.customer }}" },
  };
  assert.deepEqual(bodyOf(formOf({ ...limits, ...counts } as WorkflowLimits)), limits);
  assert.deepEqual(bodyOf(formOf(undefined)), { places: 1, priority: 0, paused: false });
});
