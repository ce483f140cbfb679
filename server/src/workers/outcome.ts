// What a worker says came of a task, in the engine's words, whatever make of worker it is.
import type { FromWorker } from "@auraos/contract";
import type { ErrorClass, Failure } from "@auraos/kernel";
import type { ActivityOutcome } from "../engine/engine.types.ts";
import { failed } from "./failures.ts";

const classes: ReadonlySet<string> = new Set<ErrorClass>([
  "network",
  "timeout",
  "rateLimited",
  "server",
  "client",
  "auth",
  "data",
  "code",
  "limit",
  "cancelled",
  "unknown",
]);

export function soundOutcome(outcome: (FromWorker & { type: "done" })["outcome"]): ActivityOutcome {
  if (outcome.kind !== "failed") return outcome as ActivityOutcome;
  const failure = outcome.failure as Failure;
  return failed(classes.has(failure.class) ? failure : { ...failure, class: "unknown" });
}
