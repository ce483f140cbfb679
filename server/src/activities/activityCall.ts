// What a node is called with, from the engine's command: the same wherever it runs.
import type { Attached, RunActivity } from "@auraos/kernel";
import type { ActivityCall } from "@auraos/nodes";

export function callOf(activity: RunActivity): ActivityCall {
  const { items, inputs, index, attempt, key, nowMs, seed, zone, steps } = activity;
  const { attached, ...config } = activity.config;
  return {
    ...{ config, items, inputs, index, attempt, idempotencyKey: key, nowMs, seed, zone },
    ...(attached === undefined ? {} : { attached: attached as Attached }),
    ...(steps === undefined ? {} : { steps }),
  };
}
