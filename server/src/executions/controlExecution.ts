// What people do to a running execution: each is one event, accepted once it is durable, or refused with the reason.
import type { Event, FileRef, Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import type { DeliverResult } from "../engine/engine.types.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { within } from "../platform/within.ts";
import { findQueued } from "./queued.ts";
import { findAnyStatus, findStatus } from "./store.ts";

export type Accepted = { id: string; accepted: true };

/** Two that end an execution at the same moment: the second is late, whatever the engine was doing with it. */
async function hasEnded(deps: Deps, id: string): Promise<boolean> {
  const status = await findAnyStatus(deps.journal, id);
  return status !== undefined && ["succeeded", "failed", "cancelled", "terminated"].includes(status);
}

function closed() {
  return refuse(410, "EXECUTION_CLOSED", "The execution has ended.", "Run it again with POST .../rerun.");
}

/** `caller` may only touch executions of its own organization. */
export async function control(deps: Deps, caller: Caller, id: string, event: Event): Promise<Accepted> {
  await ownExecution(deps, caller, id);
  return deliver(deps, id, event);
}

export async function ownExecution(deps: Deps, caller: Caller, id: string) {
  const found = await withTenant(deps.api, caller.orgId, (tx) => findStatus(tx, caller.orgId, id));
  if (found) return found;
  const queued = findQueued(deps, caller, id);
  if (!queued) throw notFound("execution with this id");
  return { status: "waiting" as const, workflowId: queued.workflowId };
}

export type Answer = {
  wait: string;
  decision: "approve" | "reject" | "resume";
  data: Json;
  files?: Record<string, FileRef>;
  by: string;
};

export function answerWait(deps: Deps, id: string, answer: Answer): Promise<Accepted> {
  return deliver(deps, id, { type: "WaitAnswered", ...answer });
}

async function deliver(deps: Deps, id: string, event: Event): Promise<Accepted> {
  let result: DeliverResult;
  try {
    result = await within(deps.engine.deliver(id, event), "it was taken in");
  } catch (error) {
    if (await hasEnded(deps, id)) throw closed();
    throw error;
  }
  if (result.kind === "accepted") return { id, accepted: true };
  switch (result.code) {
    case "UNKNOWN_EXECUTION":
      throw notFound("execution with this id");
    case "UNKNOWN_WAIT":
      throw refuse(
        404,
        "WAIT_UNKNOWN",
        "The execution has no such wait.",
        "GET the execution for its open waits.",
      );
    case "WAIT_CLOSED":
      throw refuse(
        410,
        "WAIT_CLOSED",
        "This wait is closed: the first answer counted.",
        "Nothing is left to do.",
      );
    case "CLOSED":
      throw closed();
    case "NOT_PARKED":
      throw refuse(
        409,
        "NOT_PARKED",
        "This node run is not parked.",
        "GET the execution for what is parked.",
      );
  }
}
