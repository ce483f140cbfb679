// The workflow that a failure starts: once, and never for itself. Its first turn is written in the same flush as the
// end of the failed execution, so a crash can neither lose it nor start it twice; the start key is there to be found.
//
// Only production executions that nobody called start one: a failure inside a child is its parent's to handle.
import type { JsonObject, Program } from "@auraos/kernel";
import { pause } from "./backoff.ts";
import { bear, startRecord } from "./birth.ts";
import type { Versions } from "./engine.types.ts";
import { messageOf } from "./errors.ts";
import type { LiveExecution } from "./execution.ts";
import type { LaneItem } from "./laneItem.ts";
import { askTick, type Reign } from "./reign.ts";

const KEY_TTL_MS = 30 * 86_400_000;
const CAUSE = "error/";

export function joinErrorWorkflow(reign: Reign, exec: LiveExecution, item: LaneItem): void {
  const name = exec.program.definition.settings?.errorWorkflow;
  if (name === undefined || item.finished?.status !== "failed") return;
  if (exec.start.mode !== "production" || exec.start.parentId !== null) return;
  if (exec.start.cause?.startsWith(CAUSE)) return;
  item.pending++;
  void start(reign, exec, item, name).finally(() => {
    item.pending--;
    askTick(reign);
  });
}

async function start(reign: Reign, exec: LiveExecution, item: LaneItem, name: string): Promise<void> {
  const found = await findErrorWorkflow(reign, exec, name);
  if (reign.isOver) return;
  if (found === null) {
    reign.deps.log("warn", "no error workflow was started", { executionId: exec.id, errorWorkflow: name });
    return;
  }
  const { version, program, vars } = found;
  const { orgId } = exec.about;
  const { workflowId } = version;
  const { envId } = exec.start;
  const key = `${CAUSE}${exec.id}`;
  const nowMs = Math.floor(reign.deps.clock.now());
  const executionId = reign.deps.ids.child(nowMs, key);
  const record = startRecord(
    reign,
    { executionId, orgId, mode: "production", ...version },
    { cause: key, ...errorTrigger(program), ...(vars ? { vars } : {}) },
  );
  const expiresAtMs = nowMs + KEY_TTL_MS;
  item.joined = bear(
    reign,
    {
      event: { type: "ExecutionStarted", start: record, items: [{ json: report(exec, item) }] },
      program,
      envId,
      traceId: exec.start.traceId ?? undefined,
      concurrencyKey: null,
      startKey: { orgId, workflowId, envId, key, executionId, requestHash: "", expiresAtMs },
    },
    null,
    true,
  );
}

type Version = NonNullable<Awaited<ReturnType<Versions["published"]>>>;

/**
 * Null: there is certainly none that could run. A read that fails is tried again for as long as this reign lasts: the
 * end of the failed execution goes to the same database, so it could not be written without the answer either.
 */
async function findErrorWorkflow(
  reign: Reign,
  exec: LiveExecution,
  name: string,
): Promise<{ version: Version; program: Program; vars: JsonObject | undefined } | null> {
  for (let attempt = 0; !reign.isOver; attempt++) {
    try {
      const version = await reign.deps.versions.published(exec.about.orgId, name);
      if (version === undefined || version.workflowId === exec.about.workflowId) return null;
      const loaded = await reign.programs.get(version.versionId);
      if (!loaded.ok) return null;
      const { program } = loaded;
      const known = reign.deps.vars?.(exec.start, program.definition);
      return { version, program, vars: known instanceof Promise ? await known : known };
    } catch (error) {
      reign.deps.log("warn", "the error workflow could not be read yet", { error: messageOf(error) });
      await pause(reign.deps.clock, attempt);
    }
  }
  return null;
}

/** The trigger that is there for errors; without one the workflow starts where it always does. */
function errorTrigger(program: Program): { trigger?: string } {
  const trigger = [...program.nodes.values()].find(({ def }) => def.type === "trigger.error");
  return trigger ? { trigger: trigger.id } : {};
}

function report(exec: LiveExecution, item: LaneItem) {
  const failure = item.finished?.failure;
  const { workflowId } = exec.about;
  return {
    execution: { id: exec.id, startedAtMs: exec.start.startedAtMs },
    workflow: { id: workflowId, name: exec.state.start?.workflowName ?? "" },
    error: failure === undefined ? null : { ...failure },
  };
}
