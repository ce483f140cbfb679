// Sub-workflows: a command of the parent becomes an execution with an id that follows from the command, so however
// often it is issued there is one child, and after a crash its result is found again by that id.
//
// Invariants:
//   C1 a child starts after the commit of the turn that asked for it
//   C2 its end reaches the parent at least once; the kernel takes the first
//   C3 a child whose parent has ended is cancelled, also when the crash came in between
import type { Failure, StartChild, StartRecord } from "@auraos/kernel";
import { pause } from "./backoff.ts";
import { bear, startRecord } from "./birth.ts";
import type { ChildResult } from "./childResult.ts";
import { endOf } from "./endOf.ts";
import { messageOf } from "./errors.ts";
import { maybeQuiet } from "./evict.ts";
import type { ChildLink, LiveExecution } from "./execution.ts";
import type { Reign } from "./reign.ts";
import { pushEvent } from "./turn.ts";

type Parent = NonNullable<StartRecord["parent"]>;

/** `isReissue`: after restoring, when the child may exist already. */
export function startChild(reign: Reign, exec: LiveExecution, command: StartChild, isReissue: boolean): void {
  const existing = exec.children.get(command.command);
  if (existing !== undefined && existing.attempt === command.attempt) return;
  const id = reign.deps.ids.child(command.atMs, `${exec.id}/${command.command}/${command.attempt}`);
  const link: ChildLink = { id, attempt: command.attempt, isStarting: true, isCancelled: false };
  exec.children.set(command.command, link);
  void launch(reign, exec, command, link, isReissue);
}

async function launch(
  reign: Reign,
  exec: LiveExecution,
  command: StartChild,
  link: ChildLink,
  isReissue: boolean,
): Promise<void> {
  const parent: Parent = { executionId: exec.id, command: command.command, attempt: command.attempt };
  for (let attempt = 0; !reign.isOver; attempt++) {
    try {
      const isThere = isReissue && (await findAgain(reign, parent, link.id));
      if (reign.isOver) return;
      const failure = isThere ? null : await startNew(reign, exec, command, link, parent);
      if (failure !== null) tellParent(reign, parent, { failure });
      link.isStarting = false;
      if (link.isCancelled) cancel(reign, link.id);
      return maybeQuiet(reign, exec);
    } catch (error) {
      reign.deps.log("warn", "a child could not be started yet", {
        executionId: exec.id,
        error: messageOf(error),
      });
      await pause(reign.deps.clock, attempt);
    }
  }
}

/** False: it was never started. An ended one gives its result again. */
async function findAgain(reign: Reign, parent: Parent, childId: string): Promise<boolean> {
  const found = await reign.loader.get(childId);
  if (found.kind === "closed") {
    const { result } = await endOf(reign.deps, found.stored);
    if (result !== undefined) tellParent(reign, parent, result);
  }
  return found.kind !== "missing";
}

/** A failure for the parent when it cannot be started, else null. */
async function startNew(
  reign: Reign,
  exec: LiveExecution,
  command: StartChild,
  link: ChildLink,
  parent: Parent,
): Promise<Failure | null> {
  const { orgId, mode } = exec.about;
  if (command.depth > reign.limits.subworkflowDepthMax) return tooDeep(reign.limits.subworkflowDepthMax);
  const version = await reign.deps.versions.published(orgId, command.workflow);
  if (version === undefined) return unknownWorkflow(command.workflow);
  const loaded = await reign.programs.get(version.versionId);
  if (!loaded.ok) return { code: loaded.code, class: "data", message: loaded.message, certainty: "notDone" };
  const { envId } = exec.start;
  const known = reign.deps.vars?.({ orgId, envId }, loaded.program.definition);
  const vars = known instanceof Promise ? await known : known;
  if (reign.isOver) return null;
  if (link.isCancelled)
    return { code: "CANCELLED", class: "cancelled", message: "Cancelled before it started." };
  const { start } = exec.state;
  const record = startRecord(
    reign,
    { executionId: link.id, orgId, mode, ...version },
    {
      depth: command.depth,
      parent,
      // What the parent began with holds for its children, whatever was changed since.
      ...(vars || start?.vars ? { vars: { ...vars, ...start?.vars } } : {}),
      cause: `execution ${exec.id}`,
    },
  );
  bear(
    reign,
    {
      event: { type: "ExecutionStarted", start: record, items: [...command.items] },
      program: loaded.program,
      envId,
      traceId: exec.start.traceId ?? undefined,
      concurrencyKey: null,
      startKey: null,
    },
    null,
  );
  return null;
}

/** After the commit of the child's end. The parent may have left memory. */
export function tellParent(reign: Reign, parent: Parent, result: ChildResult): void {
  const { executionId, command, attempt } = parent;
  withLive(reign, executionId, (exec) => {
    pushEvent(reign, exec, { type: "ChildFinished", command, attempt, ...result });
  });
}

export function cancelChild(reign: Reign, exec: LiveExecution, command: string, attempt: number): void {
  const link = exec.children.get(command);
  if (link === undefined || link.attempt !== attempt) return;
  link.isCancelled = true;
  if (!link.isStarting) cancel(reign, link.id);
}

function cancel(reign: Reign, childId: string): void {
  withLive(reign, childId, (child) => {
    pushEvent(reign, child, { type: "CancelRequested", reason: "The calling workflow no longer needs it." });
  });
}

/** C3: the parent ended and could not say so any more. */
export function cancelOrphan(reign: Reign, child: LiveExecution): void {
  const { parentId } = child.start;
  if (parentId === null || reign.live.has(parentId)) return;
  reign.loader.get(parentId).then(
    (found) => {
      if (found.kind === "closed" && !child.isDropped) cancel(reign, child.id);
    },
    () => {},
  );
}

function withLive(reign: Reign, id: string, act: (exec: LiveExecution) => void): void {
  const live = reign.live.get(id);
  if (live !== undefined) return act(live);
  reign.loader.get(id).then(
    (found) => {
      if (found.kind === "live" && !reign.isOver) act(found.exec);
    },
    (error) =>
      reign.deps.log("error", "an execution could not be told", { executionId: id, error: messageOf(error) }),
  );
}

export function tooDeep(max: number): Failure {
  return {
    code: "SUBWORKFLOW_DEPTH",
    class: "limit",
    message: `Workflows call each other more than ${max} levels deep.`,
    remedy: "Look for a workflow that calls itself without an end.",
    certainty: "notDone",
  };
}

function unknownWorkflow(workflow: string): Failure {
  return {
    code: "SUBWORKFLOW_UNKNOWN",
    class: "data",
    message: `There is no published workflow "${workflow}".`,
    remedy: "Publish it, or correct the name in the node.",
    certainty: "notDone",
  };
}
