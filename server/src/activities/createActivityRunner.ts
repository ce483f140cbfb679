// Runs activities: finds the node module, hands it its context, and turns whatever happens into an outcome. What
// computes goes to a worker process (workers/); everything else only waits for others and runs right here.
// The engine decides when something runs and for how long; here is only how.
//
// Invariants:
//   1. `run` never throws: an ActivityError is its failure, anything else is a bug of the node (NODE_BUG) whose
//      message is kept and whose stack goes to the log only.
//   2. Nothing of the context is made before the node asks for it.
//   3. A simulated or replayed execution never reaches the world: only pure activities run in it, the others are
//      answered from a recording or fail. (A test run works as in production; its pinned nodes are the kernel's.)
import { type Failure, NodeError, type RunActivity } from "@auraos/kernel";
import type { NodeModule } from "@auraos/nodes";
import type { ActivityOutcome, ActivityRunner, RecordStep } from "../engine/engine.types.ts";
import { callOf } from "./activityCall.ts";
import { type About, activityContext, type ContextNeeds } from "./activityContext.ts";

export type ActivityNeeds = ContextNeeds & {
  module: (type: string) => NodeModule | undefined;
  worker: string;
  /** Runs what computes, and what asks for a label, in other processes. */
  workers?: Pick<ActivityRunner, "run"> & { takes(activity: RunActivity, computes: boolean): boolean };
  /** Answers for executions that may not reach the world; undefined = none was recorded. */
  recording?: (activity: RunActivity, about: About) => Promise<ActivityOutcome | undefined>;
  onEnd?: (nodeType: string, outcome: "succeeded" | "failed", durationMs: number) => void;
};

export function createActivityRunner(needs: ActivityNeeds): ActivityRunner {
  return { run, worker: needs.worker };

  async function run(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record?: RecordStep,
  ): Promise<ActivityOutcome> {
    const startedAt = performance.now();
    const outcome = await attempt(activity, about, signal, record);
    needs.limiter?.letGo(activity);
    needs.onEnd?.(
      activity.nodeType,
      outcome.kind === "failed" ? "failed" : "succeeded",
      performance.now() - startedAt,
    );
    return outcome;
  }

  async function attempt(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record: RecordStep | undefined,
  ): Promise<ActivityOutcome> {
    if (!mayReachTheWorld(activity, about)) return recorded(activity, about);
    const module = needs.module(activity.nodeType);
    const isForWorkers = module?.computes === true || activity.worker !== undefined;
    if (isForWorkers && needs.workers?.takes(activity, module?.computes === true))
      return needs.workers.run(activity, about, signal, record);
    const context = activityContext(needs, activity, about, signal, record);
    try {
      if (activity.confirm) {
        if (!module?.confirm) return { kind: "confirmed", outcome: "unknown" };
        const { outcome, ...more } = await module.confirm(callOf(activity), context);
        return { kind: "confirmed", outcome, ...more };
      }
      if (!module?.run) return { kind: "failed", failure: cannotRun(activity.nodeType) };
      return { kind: "succeeded", outputs: await module.run(callOf(activity), context) };
    } catch (error) {
      if (error instanceof NodeError) return { kind: "failed", failure: error.failure };
      const { executionId } = about;
      needs.log("error", "a node threw", {
        executionId,
        run: activity.run,
        nodeType: activity.nodeType,
        error,
      });
      return { kind: "failed", failure: bug(activity.nodeType, error) };
    }
  }

  async function recorded(activity: RunActivity, about: About): Promise<ActivityOutcome> {
    try {
      const answer = await needs.recording?.(activity, about);
      if (answer !== undefined) return answer;
    } catch (error) {
      needs.log("error", "a recording could not be read", { executionId: about.executionId, error });
    }
    return activity.confirm ? { kind: "confirmed", outcome: "notDone" } : notRecorded(activity, about);
  }
}

function mayReachTheWorld({ effect }: RunActivity, { mode }: About): boolean {
  return mode === "production" || mode === "test" || effect === "pure";
}

function notRecorded({ node }: RunActivity, { mode }: About): ActivityOutcome {
  return {
    kind: "failed",
    failure: {
      code: "NOT_RECORDED",
      class: "data",
      message: `A ${mode} execution does not reach the world, and nothing was recorded for "${node}".`,
      remedy: "Record an execution that gets this far, or run it as a test with this node pinned.",
      retryable: false,
      certainty: "notDone",
    },
  };
}

function cannotRun(nodeType: string): Failure {
  return {
    code: "NODE_TYPE_MISSING",
    class: "code",
    message: `This server has no node type "${nodeType}" that runs.`,
    remedy: "Start the release that the workflow was published with.",
    certainty: "notDone",
  };
}

function bug(nodeType: string, error: unknown): Failure {
  return {
    code: "NODE_BUG",
    class: "unknown",
    message: `The node type "${nodeType}" failed in a way it did not foresee: ${error instanceof Error ? error.message : String(error)}`,
    remedy: "Report this; the log has the details.",
    retryable: false,
    certainty: "unknown",
  };
}
