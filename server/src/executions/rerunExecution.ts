// Runs again: a fork that takes over what stood before, as a new execution. History is never changed.
import type { Deps } from "../deps.ts";
import type { StartResult } from "../engine/engine.types.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { draftTarget, versionIdOf } from "../workflows/findTarget.ts";
import { control, ownExecution } from "./controlExecution.ts";
import { projectionOf } from "./projections.ts";
import { itemsOf } from "./startExecution.ts";

export type Rerun = {
  node: string | undefined;
  /** Undefined = as before. */
  input: unknown;
  repeatEffects: boolean;
  version: number | undefined;
  /** The draft instead of a version, in mode test; up to `target` if that is given. */
  draft: boolean;
  target: string | undefined;
  /** Nothing reaches the world: steps are answered with what the original heard. */
  replay: boolean;
};

export async function rerunExecution(
  deps: Deps,
  caller: Caller,
  id: string,
  request: Rerun,
): Promise<string> {
  const { workflowId } = await ownExecution(deps, caller, id);
  if ((request.draft && request.version !== undefined) || (request.target !== undefined && !request.draft))
    throw refuse(
      422,
      "RERUN_UNCLEAR",
      "`draft` and `version` exclude each other, and `target` goes with `draft`.",
      "Send {node, draft: true, target} or {node, version}.",
    );
  const version = request.draft
    ? await draftTarget(deps, caller, workflowId, request.target)
    : request.version === undefined
      ? undefined
      : { versionId: await versionIdOf(deps, caller, workflowId, request.version) };
  const result = await deps.engine.fork({
    orgId: caller.orgId,
    executionId: id,
    ...(request.node === undefined ? {} : { node: request.node }),
    ...(request.input === undefined ? {} : { items: itemsOf(request.input) }),
    // What is answered from a recording is not repeated.
    ...(request.repeatEffects || request.replay ? { repeatEffects: true } : {}),
    ...(version === undefined ? {} : { versionId: version.versionId }),
    ...(request.replay ? { mode: "replay" as const } : request.draft ? { mode: "test" as const } : {}),
    actor: caller.actor,
  });
  return startedId(result);
}

/** What is parked is tried again in place; what failed is forked at the node that failed. */
export async function retryExecution(deps: Deps, caller: Caller, id: string): Promise<string> {
  const { row, projection } = await projectionOf(deps, caller, id);
  if (row.status === "failed" || row.status === "cancelled" || row.status === "terminated") {
    const failed =
      projection.state.failure?.run ?? [...projection.runs.values()].find((run) => run.failure)?.run;
    const node = failed === undefined ? undefined : (/^[^/#]+/.exec(failed)?.[0] ?? failed);
    const result = await deps.engine.fork({
      orgId: caller.orgId,
      executionId: id,
      ...(node === undefined ? {} : { node }),
      actor: caller.actor,
    });
    return startedId(result);
  }
  const parked = Object.values(projection.state.parked);
  if (parked.length === 0)
    throw refuse(
      409,
      "NOTHING_TO_RETRY",
      `The execution is ${row.status}: nothing failed that could be tried again.`,
      "Run it again with POST .../rerun.",
    );
  for (const { run, item, attempt } of parked) {
    const place = item === undefined ? { run, attempt } : { run, item, attempt };
    await control(deps, caller, id, { type: "ParkResolved", ...place, action: "retry", by: caller.actor });
  }
  return id;
}

function startedId(result: StartResult): string {
  if (result.kind === "started" || result.kind === "existing") return result.executionId;
  if (result.kind === "keyReused") return result.executionId;
  throw refuse(result.code === "DISK_LIMIT" ? 507 : 409, result.code, result.message, result.remedy);
}
