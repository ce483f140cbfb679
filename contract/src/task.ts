// Tasks as they travel: what to run, when, after what, with which places, and what is done when it fails.
import { instant, json, page } from "./common.ts";
import { scheduleSpec } from "./schedule.ts";
import { sentencePart, sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

const seconds = (max: number) => z.number().min(0).max(max);
const DAY_S = 86_400;
const YEAR_S = 366 * DAY_S;

export const taskRunTarget = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("workflow"),
      workflow: z.string().min(1).max(255).describe("Id or name of a published workflow."),
      trigger: z.string().max(64).optional(),
      input: json.optional(),
    }),
    z.strictObject({
      kind: z.literal("node"),
      type: z.string().max(100).describe("A node type, see /api/v1/node-types."),
      config: z.record(z.string(), json).default({}),
      input: json.optional(),
    }),
    z.strictObject({
      kind: z.literal("script"),
      code: z.string().min(1).max(200_000).describe("JavaScript of a code step: `return {...}`."),
      input: json.optional(),
    }),
  ])
  .meta({ id: "TaskRunTarget" });
export type TaskRunTarget = z.infer<typeof taskRunTarget>;

export const dependencyCondition = z.enum(["success", "failure", "completion"]);
export const taskDependency = z.strictObject({
  task: z.string().min(1).max(255).describe("Id or name of the task that has to come first."),
  on: dependencyCondition.default("success").describe("What it must have come to."),
  withinSeconds: seconds(YEAR_S)
    .min(1)
    .optional()
    .describe("Of a task outside of this flow: its outcome may not be older."),
});
export type TaskDependency = z.infer<typeof taskDependency>;

export const taskWindow = z
  .strictObject({
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    to: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .describe("Before `from`: on the next day."),
    days: z
      .array(z.enum(["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]))
      .min(1)
      .max(7)
      .optional(),
    timezone: z.string().max(50).default("UTC"),
  })
  .describe("Hours of the day within which it may start.");
export type TaskWindow = z.infer<typeof taskWindow>;

export const taskRetry = z.strictObject({
  attempts: z.int().min(1).max(20).describe("In all, the first one included."),
  delaySeconds: seconds(DAY_S).default(10),
  factor: z.number().min(1).max(10).default(2),
  maxDelaySeconds: seconds(DAY_S).default(3_600),
});
export type TaskRetry = z.infer<typeof taskRetry>;

export const recoveryAction = z.enum(["retry", "ignore", "fail", "fallback"]);
export const recoveryRule = z.strictObject({
  code: z.string().max(100).optional().describe("Of the failure, such as HTTP_503; a * stands for anything."),
  class: z.string().max(50).optional(),
  message: z.string().max(200).optional().describe("Part of the message."),
  action: recoveryAction.describe(
    "retry: as `retry` says; ignore: goes on as if it had succeeded; fallback: runs `task` instead.",
  ),
  task: z.string().max(255).optional().describe("For fallback: id or name."),
});
export type RecoveryRule = z.infer<typeof recoveryRule>;

export const taskSchedule = z.strictObject({
  ...scheduleSpec,
  missed: z.enum(["last", "none"]).default("last").describe("After a downtime: once, or not at all."),
  overlap: z.enum(["skip", "allow"]).default("skip").describe("While a run of before is open."),
});
export type TaskScheduleBody = z.infer<typeof taskSchedule>;

const definition = {
  name: z.string().trim().min(1).max(255),
  description: z.string().max(5_000).optional(),
  run: taskRunTarget,
  schedule: taskSchedule.optional(),
  dependencies: z.array(taskDependency).max(50).default([]),
  need: z.enum(["all", "any"]).default("all").describe("How many of the dependencies."),
  onUnmet: z
    .enum(["skip", "fail", "run", "wait"])
    .default("skip")
    .describe("When what it needs did not come to what is wanted. wait: until it does, by a new run of it."),
  priority: z.int().min(-100).max(100).default(0).describe("Higher starts first; waiting raises it."),
  deadlineSeconds: seconds(YEAR_S).min(1).optional().describe("After it was due, it must have started."),
  onDeadline: z.enum(["fail", "continue"]).default("fail"),
  window: taskWindow.optional(),
  estimatedSeconds: seconds(YEAR_S).min(1).optional().describe("Used until runs have been measured."),
  resources: z
    .record(z.string().regex(/^[A-Za-z0-9._-]{1,100}$/), z.int().min(1).max(10_000))
    .default({})
    .describe("Places it takes, by pool."),
  fairKey: z.string().max(200).default("").describe("Within a pool, keys share by weight."),
  retry: taskRetry.optional(),
  recovery: z.array(recoveryRule).max(20).default([]).describe("The first that fits a failure decides."),
  owner: z.string().max(255).optional(),
};

export const taskBody = z
  .strictObject({ ...definition, paused: z.boolean().optional() })
  .meta({ id: "TaskBody" });
export type TaskBody = z.infer<typeof taskBody>;

export const taskRunStatus = z.enum([
  "waiting",
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "skipped",
]);
export type TaskRunStatus = z.infer<typeof taskRunStatus>;

export const taskRun = z
  .object({
    id: z.uuid(),
    taskId: z.uuid(),
    taskName: z.string(),
    flowId: z.uuid().nullable().describe("Runs that were planned together."),
    kind: z.enum(["manual", "schedule", "dependency", "fallback"]),
    status: taskRunStatus,
    reason: z.string().nullable().describe("Why it waits, or why it came to what it came to."),
    reasonParts: sentenceParts("reason"),
    due: instant.nullable(),
    createdAt: instant,
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    executionTimeMs: z.int().nullable(),
    attempt: z.int(),
    priority: z.int(),
    resources: z.record(z.string(), z.int()),
    executionId: z.uuid().nullable(),
    percent: z.int().min(0).max(100).describe("Never goes back."),
    stage: z.string().nullable(),
    remainingMs: z.int().nullable().describe("Estimated; null = nobody knows."),
    deadlineAt: instant.nullable(),
    isLate: z.boolean().describe("It started, or still waits, after its deadline."),
    result: json.optional(),
    error: z.string().nullable(),
  })
  .meta({ id: "TaskRun" });
export type TaskRun = z.infer<typeof taskRun>;
export const taskRunPage = page(taskRun);

export const task = z
  .object({
    id: z.uuid(),
    ...definition,
    dependencies: z.array(
      z.object({
        taskId: z.uuid(),
        task: z.string().describe("Its name."),
        on: dependencyCondition,
        withinSeconds: z.number().optional(),
      }),
    ),
    workflowId: z.uuid().nullable().describe("What really runs."),
    status: z.string().describe("Of its last run; pending when there was none."),
    paused: z.boolean(),
    nextRunAt: instant.nullable(),
    measuredMs: z.int().nullable().describe("Median of the last runs that succeeded."),
    open: taskRun.nullable().describe("A run that is under way or waits."),
    createdBy: z.string().nullable(),
    etag: z.string(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Task" });
export type Task = z.infer<typeof task>;
export const taskPage = page(task);

export const executeTaskBody = z.strictObject({
  input: json.optional().describe("Instead of the task's own."),
  downstream: z.boolean().default(true).describe("Also those that hang on it, as their conditions allow."),
  upstream: z.boolean().default(false).describe("First what it hangs on."),
  delaySeconds: seconds(YEAR_S).optional(),
});

export const taskFlow = z
  .object({ flowId: z.uuid(), runId: z.uuid(), runs: z.array(taskRun) })
  .meta({ id: "TaskFlow" });
export type TaskFlow = z.infer<typeof taskFlow>;

export const taskPlan = z
  .object({
    taskId: z.uuid(),
    cron: z.string().nullable(),
    timezone: z.string(),
    isActive: z.boolean(),
    nextRunAt: instant.nullable(),
    fires: z.array(
      z.object({
        ...{ at: instant, local: z.string(), note: z.string().optional() },
        noteParts: z.array(sentencePart).optional().describe("`note` sentence by sentence."),
      }),
    ),
  })
  .meta({ id: "TaskSchedule" });

export const failureBody = z.strictObject({
  code: z.string().max(100).default("UNKNOWN"),
  class: z.string().max(50).optional(),
  message: z.string().max(5_000),
  retryable: z.boolean().optional(),
  attempt: z.int().min(1).default(1),
});
export const recovery = z
  .object({
    action: recoveryAction,
    delaySeconds: z.number().optional(),
    task: z.string().optional(),
    reason: z.string(),
    reasonParts: sentenceParts("reason"),
  })
  .meta({ id: "RecoveryAction" });
export type Recovery = z.infer<typeof recovery>;

const planMeasure = z.object({
  makespanMs: z.int(),
  late: z.int().describe("Runs that would start after their deadline."),
  tardinessMs: z.int().describe("By how much, in all."),
  weightedWaitMs: z.int().describe("Waiting times, weighted by priority."),
});
export const optimizeBody = z.strictObject({
  apply: z.boolean().default(false),
  slots: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe("Places assumed; default: those of the runs' pools, else 1."),
});
export const optimization = z
  .object({
    before: planMeasure,
    after: planMeasure,
    order: z.array(
      z.object({
        runId: z.uuid(),
        taskId: z.uuid(),
        task: z.string(),
        from: z.int(),
        to: z.int(),
        startsInMs: z.int(),
        reason: z.string(),
        reasonParts: sentenceParts("reason"),
      }),
    ),
    isApplied: z.boolean(),
  })
  .meta({ id: "TaskOptimization" });
export type Optimization = z.infer<typeof optimization>;

export const taskTemplate = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    parameters: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        default: json.optional(),
        required: z.boolean(),
      }),
    ),
  })
  .meta({ id: "TaskTemplate" });
export type TaskTemplate = z.infer<typeof taskTemplate>;
export const installBody = z.strictObject({
  name: z.string().trim().min(1).max(255).optional(),
  parameters: z.record(z.string(), json).default({}),
  paused: z.boolean().default(true).describe("Look at it first, then resume it."),
});

export const taskGraph = z
  .object({
    tasks: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        status: z.string(),
        paused: z.boolean(),
        level: z.int().describe("How many tasks stand before it on its longest way."),
        isCritical: z.boolean().describe("On the longest way through the graph, by duration."),
        durationMs: z.int().nullable(),
      }),
    ),
    edges: z.array(z.object({ from: z.uuid(), to: z.uuid(), on: dependencyCondition })),
    isComplete: z.boolean().describe("false: more tasks than are shown."),
  })
  .meta({ id: "TaskGraph" });
export type TaskGraph = z.infer<typeof taskGraph>;
