// A request to /hooks/<path>: found in memory, durable before it is acknowledged, answered by the workflow.
// This is the hot path: no key, no router beyond the first step, no log line.
import { NodeError } from "@auraos/kernel";
import type { Request, Response } from "express";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { startExecution, startKey } from "../executions/startExecution.ts";
import { readBody } from "../platform/body.ts";
import { Refusal, refuse } from "../platform/errors.ts";
import { sendAccepted, sendReply } from "./hookReply.ts";
import { hookItem } from "./hookRequest.ts";
import { noteDenied } from "./noteDenied.ts";
import type { HookRow } from "./store.ts";
import { TEST_PATH } from "./testHooks.ts";
import { verifyCaller } from "./verifyCaller.ts";

const WAIT_SECONDS = 30;
const WAIT_SECONDS_MAX = 300;

export async function receiveHook(
  deps: Deps,
  request: Request,
  response: Response,
  requestId: string,
): Promise<void> {
  const url = request.originalUrl;
  const cut = url.indexOf("?");
  const path = (cut < 0 ? url : url.slice(0, cut)).replace(/\/+$/, "");
  const search = cut < 0 ? "" : url.slice(cut + 1);
  if (path.startsWith(TEST_PATH)) {
    const hook = deps.testHooks.take(path, request.method);
    if (!hook) throw nobodyListens();
    return serve(deps, request, response, { hook, path, search, mode: "test", requestId });
  }
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

  await serve(deps, request, response, { hook: found.hook, path, search, mode: "production", requestId });
}

type Served = {
  hook: HookRow;
  path: string;
  search: string;
  mode: "production" | "test";
  requestId: string;
};

async function serve(
  deps: Deps,
  request: Request,
  response: Response,
  { hook, path, search, mode, requestId }: Served,
): Promise<void> {
  const bytes = await readBody(request, deps.settings.webhookBytesMax);
  const { idempotencyHeader, keepRaw } = hook.options;
  const authentication = await authenticationOf(deps, hook);
  const call = { headers: request.headers, bytes, nowMs: deps.nowMs() };
  let callId: string | undefined;
  try {
    ({ callId } = verifyCaller(authentication, call));
  } catch (error) {
    if (error instanceof Refusal) noteDenied(deps, request, { hook, mode, code: error.code, requestId });
    throw error;
  }
  if (authentication?.auth === "slack" && answerChallenge(bytes, response)) return;
  // The file is stored before the execution it belongs to has an id.
  const files = () =>
    deps.blobs.forExecution({ orgId: hook.orgId, executionId: "webhooks", day: dayOf(deps.nowMs()) });
  const item = await hookItem(request, path, search, bytes, (file, about) => files().put(file, about), {
    secretHeader: authentication?.auth === "header" ? authentication.headerName : undefined,
    keepRaw: keepRaw === true,
  });
  const key = startKey(callId ?? namedKey(request, idempotencyHeader), `webhook${path}`, bytes);
  const { id } = await startExecution(deps, {
    orgId: hook.orgId,
    envId: hook.envId,
    workflowId: hook.workflowId,
    workflowName: hook.workflowName,
    versionId: hook.versionId,
    mode,
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

/** With the secret of its connection. One that is not there lets nobody in. */
async function authenticationOf({ connections }: Deps, { orgId, options }: HookRow) {
  const { authentication, credential } = options;
  if (authentication === undefined || credential === undefined) return authentication;
  const { type, values } = await connections.open(orgId, credential, undefined).catch((error: unknown) => {
    if (!(error instanceof NodeError)) throw error;
    throw refuse(
      503,
      "WEBHOOK_CLOSED",
      "The secret that callers prove themselves by cannot be opened.",
      "Whoever looks after the workflow makes its connection anew.",
    );
  });
  const { secret, user } = (type === "webhook" ? values : {}) as { secret?: string; user?: string };
  return {
    ...authentication,
    ...(secret === undefined ? {} : { secret }),
    ...(authentication.user === undefined && user !== undefined ? { user } : {}),
  };
}

function namedKey(request: Request, named: string | undefined): string | undefined {
  const { headers } = request;
  const value = headers[named?.toLowerCase() ?? "idempotency-key"] ?? headers["webhook-id"];
  return typeof value === "string" ? value : undefined;
}

/** Slack asks once, when the address is entered there, whether it is ours. */
function answerChallenge(bytes: Buffer, response: Response): boolean {
  if (bytes.length > 10_000 || !bytes.includes("url_verification")) return false;
  try {
    const { type, challenge } = JSON.parse(bytes.toString()) as { type?: unknown; challenge?: unknown };
    if (type !== "url_verification" || typeof challenge !== "string") return false;
    response
      .writeHead(200, {
        "content-type": "text/plain; charset=utf-8",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      })
      .end(challenge);
    return true;
  } catch {
    return false;
  }
}

function nobodyListens() {
  return refuse(
    404,
    "WEBHOOK_TEST_OVER",
    "Nobody listens at this test address: it takes one request, for ten minutes.",
    "Listen again in the builder, or POST .../test-hooks.",
  );
}

function unknownPath() {
  return refuse(
    404,
    "WEBHOOK_UNKNOWN",
    "No published workflow answers at this address.",
    "Check the path, and publish the workflow that has this trigger.",
  );
}
