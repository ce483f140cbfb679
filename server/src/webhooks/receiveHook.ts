// A request to /hooks/<path>: found in memory, durable before it is acknowledged, answered by the workflow.
// This is the hot path: no key, no router beyond the first step, no log line.
import type { Request, Response } from "express";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { startExecution, startKey } from "../executions/startExecution.ts";
import { readBody } from "../platform/body.ts";
import { refuse } from "../platform/errors.ts";
import { sendAccepted, sendReply } from "./hookReply.ts";
import { hookItem } from "./hookRequest.ts";

const WAIT_SECONDS = 30;
const WAIT_SECONDS_MAX = 300;

export async function receiveHook(deps: Deps, request: Request, response: Response): Promise<void> {
  const url = request.originalUrl;
  const cut = url.indexOf("?");
  const path = (cut < 0 ? url : url.slice(0, cut)).replace(/\/+$/, "");
  const search = cut < 0 ? "" : url.slice(cut + 1);
  const found = deps.hooks.find(path, request.method);
  if (!found) throw unknownPath();
  if ("methods" in found)
    throw refuse(
      405,
      "METHOD_NOT_ALLOWED",
      `This address takes ${found.methods.join(", ")}, not ${request.method}.`,
      "Use one of them, or add the method to the trigger.",
      { headers: { allow: found.methods.join(", ") } },
    );

  const { hook } = found;
  const bytes = await readBody(request, deps.settings.webhookBytesMax);
  // The file is stored before the execution it belongs to has an id.
  const files = () =>
    deps.blobs.forExecution({ orgId: hook.orgId, executionId: "webhooks", day: dayOf(deps.nowMs()) });
  const item = await hookItem(request, path, search, bytes, (file, about) => files().put(file, about));
  const header = request.headers["idempotency-key"] ?? request.headers["webhook-id"];
  const key = startKey(typeof header === "string" ? header : undefined, `webhook${path}`, bytes);
  const { id } = await startExecution(deps, {
    orgId: hook.orgId,
    envId: hook.envId,
    workflowId: hook.workflowId,
    workflowName: hook.workflowName,
    versionId: hook.versionId,
    mode: "production",
    trigger: hook.node,
    items: [item],
    ...(key === undefined ? {} : { key }),
    actor: "webhook",
    cause: `${request.method} ${path}`,
  });
  if (hook.respond === "immediately") return sendAccepted(response, id, "running");
  const waitMs = Math.min(hook.waitSeconds ?? WAIT_SECONDS, WAIT_SECONDS_MAX) * 1000;
  sendReply(response, await deps.engine.waitFor(id, waitMs, deps.draining), id);
}

function unknownPath() {
  return refuse(
    404,
    "WEBHOOK_UNKNOWN",
    "No published workflow answers at this address.",
    "Check the path, and publish the workflow that has this trigger.",
  );
}
