// Runs activities and takes the secrets of their connections out of what they give and fail with.
import type { ActivityRunner, RecordStep } from "../engine/engine.types.ts";
import { type Connections, namedBy } from "./createConnections.ts";

export function redactingRunner(inner: ActivityRunner, connections: Connections): ActivityRunner {
  return {
    ...inner,
    // Most activities name no connection: they pay for one comparison.
    run: (activity, about, signal, record) =>
      activity.config.credential === undefined && activity.config.attached === undefined
        ? inner.run(activity, about, signal, record)
        : runSigned(activity, about, signal, record),
  };

  async function runSigned(...[activity, about, signal, record]: Parameters<ActivityRunner["run"]>) {
    const redacted: RecordStep = async (step, entry) => {
      const redact = await connections.redactorFor(about.orgId, activity);
      await record?.(step, redact(entry));
    };
    const outcome = await inner.run(activity, about, signal, record && redacted);
    const name = namedBy(activity)?.name;
    if (outcome.kind === "failed" && outcome.failure.code === "HTTP_401" && name !== undefined)
      connections.refused(about.orgId, name);
    try {
      const redact = await connections.redactorFor(about.orgId, activity);
      return redact(outcome);
    } catch {
      // The connection cannot be opened any more, so nobody knows what to take out: fail closed.
      return {
        kind: "failed" as const,
        failure: {
          code: "CONNECTION_CLOSED",
          class: "auth" as const,
          message: "The connection could not be opened again to take its secrets out of the result.",
          remedy: "See /health/ready; decide whether the step happened before it is run again.",
          certainty: "unknown" as const,
          retryable: false,
        },
      };
    }
  }
}
