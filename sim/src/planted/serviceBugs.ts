// Planted bugs of what starts by itself: schedules, event bus, tasks and pools. Played by the stories of sim/src/services.
import type { Planted } from "./patch.ts";

const SCHEDULES = "server/src/schedules";
const EVENTS = "server/src/events";
const TASKS = "server/src/tasks";
const POOLS = "server/src/pools";

export const servicePlantedBugs: Planted[] = [
  {
    name: "schedule fires with a fresh key",
    why: "a fire that is settled again after a crash makes another execution",
    rules: ["fired-twice"],
    patches: [
      {
        file: `${SCHEDULES}/settle.ts`,
        find: 'key: { key: cause, requestHash: "schedule", ttlMs: KEY_TTL_MS },',
        replace: 'key: { key: cause + "/" + reign.epoch, requestHash: "schedule", ttlMs: KEY_TTL_MS },',
      },
    ],
  },
  {
    name: "cursor of a schedule moved before the start",
    why: "a crash in between loses the fire",
    rules: ["start-lost", "fire-lost", "history-differs"],
    patches: [
      {
        file: `${SCHEDULES}/settle.ts`,
        find: "const started = await start(reign, entry, fire, missed !== undefined);",
        replace:
          'const early = { ...recordOf(reign, entry, { dueMs, outcome: "missed", reason: "early" }), key: fire.key + "/early" };\n  await write(reign, entry, [early], nextMs);\n  const started = await start(reign, entry, fire, missed !== undefined);',
      },
    ],
  },
  {
    name: "end of a scheduled execution not waited for",
    why: "fires overlap although they may not",
    rules: ["overlap"],
    patches: [
      {
        file: `${SCHEDULES}/overlap.ts`,
        find: "(first === undefined && now.buffered === 0)",
        replace: "now.buffered === 0",
      },
    ],
  },
  {
    name: "open execution of a schedule forgotten when it goes on",
    why: "a schedule that is resumed, or changed, starts a new execution beside the open one",
    rules: ["overlap"],
    patches: [
      {
        file: `${SCHEDULES}/entry.ts`,
        find: "entry.open = new Set(fires.map(({ executionId }) => executionId).filter((id) => id !== null));",
        replace:
          "entry.open = new Set(entry.place > 0 ? [] : fires.map(({ executionId }) => executionId).filter((id) => id !== null));",
      },
      // Else the next reading finds it again.
      {
        file: `${SCHEDULES}/begun.ts`,
        find: "    entry.open.add(executionId);\n",
        replace: "    if (entry.place === 0) entry.open.add(executionId);\n",
      },
    ],
  },
  {
    name: "what had begun when a server died is not looked for",
    why: "it is skipped, given up or replaced for what comes after, and the history says so",
    rules: ["history-differs"],
    patches: [
      {
        file: `${SCHEDULES}/begun.ts`,
        find: "const begun = byKey.map(",
        replace: "const begun = byKey.slice(0, 0).map(",
      },
    ],
  },
  {
    name: "pause of a schedule not told",
    why: "nobody learns that a schedule stands still because its executions fail",
    rules: ["pause-untold"],
    patches: [
      {
        file: `${SCHEDULES}/endings.ts`,
        find: "    for (const [orgId, own] of byOrg)",
        replace: "    for (const [orgId, own] of byOrg.slice(0, 0))",
      },
    ],
  },
  {
    name: "end of a scheduled execution told too early is missed",
    why: "a schedule that may not overlap skips for ever",
    rules: ["never-ends", "skipped-for-nothing"],
    patches: [
      {
        file: `${SCHEDULES}/early.ts`,
        find: "kept.set(executionId, { ended, place: place++ });",
        replace: "place++;",
      },
    ],
  },
  {
    name: "missed fires of a window given up",
    why: "what is inside of the window has to happen",
    rules: ["window-missed", "not-missed"],
    patches: [
      {
        file: `${SCHEDULES}/catchUp.ts`,
        find: 'const beginMs = policy.missed === "window" ? Math.min(fromMs, cutoffMs + 1) : dueMs;',
        replace: 'const beginMs = policy.missed === "window" ? cutoffMs + 1 + 0 * fromMs : dueMs;',
      },
    ],
  },
  {
    name: "last missed fire given up too",
    why: "the last one that was missed has to happen",
    rules: ["last-missed"],
    patches: [
      {
        file: `${SCHEDULES}/catchUp.ts`,
        find: 'if (policy.missed === "none") return',
        replace: 'if (policy.missed === "none" || policy.missed === "last") return',
      },
    ],
  },
  {
    name: "an event that is to be held is not written",
    why: "the stream moves on over it",
    rules: ["not-given", "last-lost", "dropped-first"],
    patches: [
      {
        file: `${EVENTS}/busStore.ts`,
        find: "await writeHeld(tx, orgId, run, routed.held);",
        replace: "await writeHeld(tx, orgId, run, routed.held.slice(1));",
      },
    ],
  },
  {
    name: "event started with a fresh key",
    why: "a page that is routed again starts everything again",
    rules: ["given-twice"],
    patches: [
      {
        file: `${EVENTS}/startForEvents.ts`,
        find: 'requestHash: "event"',
        replace: 'requestHash: "event", ...{ key: name + "/" + reign.epoch }',
      },
    ],
  },
  {
    name: "order of a key forgotten",
    why: "the next event of a key starts while the one before is open",
    rules: ["two-open", "out-of-order"],
    patches: [
      {
        file: `${EVENTS}/lanes.ts`,
        find: "if (await isOpen(reign.parts.pool, executionId)) return false;",
        replace: "await isOpen(reign.parts.pool, executionId);",
      },
    ],
  },
  {
    name: "throttle without a gate",
    why: "everything that is queued starts at once",
    rules: ["throttle"],
    patches: [
      {
        file: `${EVENTS}/lanes.ts`,
        find: "return after(openThrottle(spec, gateMs, nowMs), [first]);",
        replace: "return after(Math.min(0, openThrottle(spec, gateMs, nowMs)), [first]);",
      },
    ],
  },
  {
    name: "replay uses up the rate of what comes",
    why: "a page that is routed again after it is judged by other rates than before",
    rules: ["rate", "dropped-below-rate"],
    seed: "31",
    patches: [
      {
        file: `${EVENTS}/router.ts`,
        find: 'return run === ""',
        replace: "return run === run",
      },
    ],
  },
  {
    name: "rate counted in steps that a time cannot hold",
    why: "of several events of one moment the last one that may pass is dropped",
    rules: ["dropped-below-rate"],
    seed: "205",
    patches: [
      {
        file: `${EVENTS}/rate.ts`,
        find: "return Math.max(1, Math.floor((perSeconds * 1_000 * STEPS_PER_MS) / limit)) / STEPS_PER_MS;",
        replace: "return (perSeconds * 1_000 * STEPS_PER_MS) / limit / STEPS_PER_MS;",
      },
    ],
  },
  {
    name: "debounce gives the first event",
    why: "the last one of a burst is what counts",
    rules: ["last-lost", "not-debounced"],
    patches: [
      {
        file: `${EVENTS}/router.ts`,
        find: "plan.held.set(id, { subscriptionId, position, lane,",
        replace: "if (before !== undefined) return;\n  plan.held.set(id, { subscriptionId, position, lane,",
      },
    ],
  },
  {
    name: "batch larger than its size",
    why: "one execution gets more than it may",
    rules: ["batch-size"],
    patches: [
      {
        file: `${EVENTS}/lanes.ts`,
        find: 'if (spec.flow === "batch") return spec.size;',
        replace: 'if (spec.flow === "batch") return spec.size + 1;',
      },
    ],
  },
  {
    name: "same event said to be new twice",
    why: "of two requests with one event the first alone is new",
    rules: ["new-twice"],
    patches: [
      {
        file: `${EVENTS}/publishStore.ts`,
        find: "const isFirst = isNew && !seen.has(name);",
        replace: "const isFirst = isNew || seen.has(name);",
      },
    ],
  },
  {
    name: "waits for events not read by a new leader",
    why: "who waited before the takeover waits for ever",
    rules: ["never-ends", "wait-missed"],
    patches: [
      {
        file: `${EVENTS}/createEventBus.ts`,
        find: "const waits = await listEventWaits(pool, OVERLAP_MS);",
        replace: "const waits = (await listEventWaits(pool, OVERLAP_MS)).slice(0, 0);",
      },
    ],
  },
  {
    name: "places of pools forgotten by a new leader",
    why: "what runs holds its places, whoever leads",
    rules: ["over-limit"],
    patches: [
      {
        file: `${POOLS}/gateStore.ts`,
        find: "FROM task_executions WHERE status = 'running'\n      ORDER BY id`,",
        replace: "FROM task_executions WHERE status = 'waiting' AND admitted_at IS NOT NULL ORDER BY id`,",
      },
      {
        file: `${TASKS}/board.ts`,
        find: 'if (row.status === "running") {',
        replace:
          'if (row.status === "running") {\n    if (row.executionId !== null) reign.byExecution.set(row.executionId, row.id);\n    return;\n  }\n  if (row.status === "running") {',
      },
    ],
  },
  {
    name: "one place too many of a pool",
    why: "a limit holds at every start",
    rules: ["over-limit"],
    patches: [
      {
        file: `${POOLS}/admission.ts`,
        find: "pool.used + count <= slots",
        replace: "pool.used + count <= slots + 1",
      },
    ],
  },
  {
    name: "rate of a pool forgotten",
    why: "so many starts in a stretch of time and no more",
    rules: ["over-rate"],
    patches: [
      {
        file: `${POOLS}/admission.ts`,
        find: "if (inside < rate.count) return",
        replace: "if (inside < 3 * rate.count) return",
      },
    ],
  },
  {
    name: "starts of earlier attempts forgotten by a new leader",
    why: "a pool starts more than its rate after a crash",
    rules: ["over-rate"],
    seed: "rates",
    patches: [
      {
        file: `${POOLS}/gateStore.ts`,
        find: "unnest(r.admitted_before || CASE",
        replace: "unnest(ARRAY[]::timestamptz[] || CASE",
      },
    ],
  },
  {
    name: "waiting does not raise",
    why: "whoever came last comes first, and the others starve",
    rules: ["overtaken"],
    patches: [
      {
        file: `${POOLS}/admission.ts`,
        find: "return item.sinceMs - item.priority * AGING_MS;",
        replace: "return -item.sinceMs - item.priority * AGING_MS;",
      },
    ],
  },
  {
    name: "attempt of a task with a fresh key",
    why: "after a crash the same attempt is started again",
    rules: ["attempt-twice"],
    patches: [
      {
        file: `${TASKS}/runner.ts`,
        find: "key: { key: cause, requestHash",
        replace: 'key: { key: cause + "/" + mine.epoch, requestHash',
      },
    ],
  },
  {
    name: "dependency met by any end",
    why: "what hangs on a success runs after a failure",
    rules: ["ran-unmet"],
    patches: [
      {
        file: `${TASKS}/readiness.ts`,
        find: 'return on === "success" ? status === "succeeded" : status === "failed";',
        replace: 'return on === "success" ? status !== "skipped" : status === "failed";',
      },
    ],
  },
  {
    name: "end of a task's execution not looked up after a takeover",
    why: "a run whose end nobody saw is open for ever",
    rules: ["never-ends", "run-never-ends"],
    patches: [
      {
        file: `${TASKS}/runner.ts`,
        find: "else if (row.executionStatus === null || isFinal(row.executionStatus)) await lookUp(mine, row);",
        replace: "",
      },
      {
        file: `${TASKS}/runner.ts`,
        find: 'if (isFinal(row.executionStatus ?? "") && !mine.ended.has(row.id)) await lookUp(mine, row, true);',
        replace: "void row;",
      },
    ],
  },
  {
    name: "due time of a task planned apart from its clock",
    why: "a crash in between loses the due time",
    rules: ["task-due-lost"],
    patches: [
      {
        file: `${TASKS}/fireDue.ts`,
        find: "[one.taskId, one.dueMs, times.nextMs],",
        replace:
          "[one.taskId, one.dueMs, times.nextMs === null ? null : times.nextMs + (times.nextMs - times.lastMs)],",
      },
    ],
  },
];
