// Why an activity that was given to a worker has no outcome of its own.
import type { Failure } from "@auraos/kernel";
import type { ActivityOutcome } from "../engine/engine.types.ts";

export function failed(failure: Failure): ActivityOutcome {
  return { kind: "failed", failure };
}

/** Nobody saw the end: for a `once` activity a confirmation or a person decides. */
export function workerLost(name: string, losses: number): Failure {
  return {
    code: "WORKER_LOST",
    class: "unknown",
    message:
      losses > 1
        ? `${losses} workers were lost while they ran this step, "${name}" the last.`
        : `The worker "${name}" was lost while it ran this step.`,
    remedy:
      losses > 1
        ? "Look for what takes the process down: very large data, or a machine without memory."
        : "Look at the service whether the step took effect, then decide.",
    retryable: false,
    certainty: "unknown",
    lost: true,
  };
}

/** `unknownType`: workers with the label are there, and none of them has this node type. */
export function noWorker(label: string | undefined, unknownType?: string): Failure {
  if (unknownType !== undefined)
    return {
      code: "NO_WORKER",
      class: "server",
      message: `No worker with the label "${label}" has the node type "${unknownType}".`,
      remedy: "Start the worker with AURAOS_NODES set to a folder that holds it, or take the label away.",
      retryable: true,
      certainty: "notDone",
    };
  return {
    code: "NO_WORKER",
    class: "server",
    message:
      label === undefined
        ? "No worker became free in time for this step."
        : `No worker with the label "${label}" became free in time for this step.`,
    remedy:
      label === undefined
        ? "Add workers: `auraos workers set N`."
        : `Start one: auraos worker --server URL --key KEY --label ${label}`,
    retryable: true,
    certainty: "notDone",
  };
}

export const NOT_BEGUN: Failure = {
  code: "CANCELLED",
  class: "cancelled",
  message: "The step was cancelled before a worker began it.",
  certainty: "notDone",
};

export function tooLarge(what: string): Failure {
  return {
    code: "WORKER_MESSAGE_TOO_LARGE",
    class: "limit",
    message: `${what} is larger than what a worker can be sent (64 MB).`,
    remedy: "Pass large data as a file, which is streamed.",
    retryable: false,
    certainty: "notDone",
  };
}

export const STOPPED: Failure = {
  code: "WORKER_STOPPED",
  class: "cancelled",
  message: "The server ended while a worker ran this step.",
  retryable: true,
  certainty: "unknown",
  lost: true,
};
