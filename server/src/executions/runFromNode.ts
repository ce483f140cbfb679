// Starts a workflow on behalf of a node (a tool of an agent) and waits for its end. The key makes it start once,
// however often the node tries; a later attempt waits for the same execution.
import { hash } from "node:crypto";
import type { Json } from "@auraos/kernel";
import { ActivityError } from "@auraos/nodes";
import type { About } from "../activities/activityContext.ts";
import type { Engine } from "../engine/engine.types.ts";
import type { PublishedWorkflows } from "../workflows/publishedWorkflows.ts";
import { itemsOf } from "./startExecution.ts";

/** Longer than any activity is tried again. */
const KEY_TTL_MS = 30 * 24 * 60 * 60 * 1000;

export type RunRequest = { workflow: string; input: Json; key: string; waitMs: number; signal: AbortSignal };

type Needs = {
  engine: Pick<Engine, "start" | "waitFor">;
  published: PublishedWorkflows;
  envOf: (orgId: string) => Promise<string>;
};
type Ended = { output: Json } | { failure: { code: string; message: string } };

export async function runFromNode(needs: Needs, about: About, request: RunRequest): Promise<Ended> {
  const { orgId, executionId } = about;
  const { workflow, input, key, waitMs, signal } = request;
  const found = await needs.published.find(orgId, workflow);
  if (!found)
    throw refused(
      "WORKFLOW_UNKNOWN",
      `There is no published workflow "${workflow}".`,
      "Publish it, or correct its name.",
    );
  if (found.workflowId === about.workflowId)
    throw refused(
      "WORKFLOW_ITSELF",
      `"${workflow}" would start itself.`,
      "Use another workflow as the tool.",
    );
  const started = await needs.engine.start({
    ...{ orgId, envId: await needs.envOf(orgId), mode: about.mode, items: itemsOf(input) },
    ...{ workflowId: found.workflowId, workflowName: found.workflowName, versionId: found.versionId },
    key: { key: `tool/${key}`, requestHash: hash("sha256", JSON.stringify(input), "hex"), ttlMs: KEY_TTL_MS },
    actor: `execution:${executionId}`,
    cause: `execution/${executionId}`,
    // A tool that leads back to its own agent would call for ever.
    depth: (about.depth ?? 0) + 1,
  });
  if (started.kind === "refused")
    throw refused(started.code, started.message, started.remedy, started.code !== "SUBWORKFLOW_DEPTH");
  if (started.kind === "keyReused")
    throw refused(
      "WORKFLOW_INPUT_CHANGED",
      "The same call was made before with another input.",
      "Run the execution again.",
    );
  const end = await needs.engine.waitFor(started.executionId, waitMs, signal);
  if (end.kind === "replied") return { output: end.body };
  if (end.kind === "finished")
    return end.status === "succeeded"
      ? { output: end.output ?? null }
      : {
          failure: {
            code: end.failure?.code ?? end.status,
            message: end.failure?.message ?? `It was ${end.status}.`,
          },
        };
  throw new ActivityError({
    code: "WORKFLOW_OPEN",
    class: "timeout",
    message: `The workflow "${workflow}" has not ended within ${waitMs / 1000} s.`,
    remedy: "It goes on, and the next attempt waits for the same execution; allow more time for it.",
    retryable: true,
    certainty: "notDone",
    detail: { executionId: started.executionId },
  });
}

function refused(code: string, message: string, remedy: string, retryable = false): ActivityError {
  return new ActivityError({ code, class: "data", message, remedy, retryable, certainty: "notDone" });
}
