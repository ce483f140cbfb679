import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../api/tasks.ts";
import { bodyOf, emptyForm, formOf } from "./taskForm.ts";

const task = {
  ...{ id: "t", name: "nightly", description: "packs", run: { kind: "workflow", workflow: "Pack" } },
  ...{ workflowId: "w", schedule: { cron: "0 3 * * *", timezone: "UTC", overlap: "skip", missed: "last" } },
  dependencies: [{ taskId: "a", task: "first", on: "failure", withinSeconds: 60 }],
  ...{ need: "any", onUnmet: "run", onDeadline: "continue", priority: 3, deadlineSeconds: 600, fairKey: "k" },
  ...{ resources: { db: 2, api: 1 }, retry: { attempts: 3, delaySeconds: 1, factor: 3, maxDelaySeconds: 9 } },
  ...{
    recovery: [{ action: "skip" }],
    owner: "ops",
    window: { from: "01:00", to: "05:00", timezone: "UTC" },
  },
  ...{ paused: true, etag: '"1"' },
} as unknown as Task;

test("what is shown and not changed comes back as it was, and so does what is not shown", () => {
  const { workflowId, etag, id, ...was } = task;
  const { dependencies, run, ...body } = bodyOf(formOf(task), task);
  const { dependencies: _, run: __, ...rest } = was;
  assert.deepEqual(body, rest);
  assert.deepEqual(dependencies, [{ task: "a", on: "failure", withinSeconds: 60 }]);
  assert.deepEqual(run, { kind: "workflow", workflow: "w" });
});

test("another pool takes the place of the first one; an interval stays when no cron is given", () => {
  const form = { ...formOf(task), pool: "cpu", places: "4", attempts: "1", deadlineMinutes: "" };
  const body = bodyOf(form, task);
  assert.deepEqual(body.resources, { cpu: 4, api: 1 });
  assert.deepEqual([body.retry, body.deadlineSeconds], [undefined, undefined]);
  const hourly = { ...task, schedule: { interval: "1h", timezone: "UTC" } } as unknown as Task;
  assert.deepEqual(bodyOf(formOf(hourly), hourly).schedule, hourly.schedule);
  assert.equal(bodyOf({ ...emptyForm, name: "new", workflow: "w" }, null).schedule, undefined);
});
