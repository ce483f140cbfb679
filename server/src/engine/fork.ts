// Running again from a node: a new execution that takes over what the original recorded before that node. The history
// of the original is read whole and stays as it is.
import type { Fact } from "@auraos/kernel";
import { bear } from "./birth.ts";
import type { ForkRequest, StartResult } from "./engine.types.ts";
import { deposed } from "./errors.ts";
import { type BlobReader, decodeTurn } from "./payload.ts";
import type { Reign } from "./reign.ts";
import type { StoredExecution } from "./store.ts";

export async function forkExecution(reign: Reign, request: ForkRequest): Promise<StartResult> {
  const stored = (await reign.deps.store.load([request.executionId], { whole: true })).get(
    request.executionId,
  );
  if (stored === undefined || stored.start.orgId !== request.orgId)
    return unknownExecution(request.executionId);
  if (stored.turns[0]?.seq !== 1) return noHistory(request.executionId);
  const versionId = request.versionId ?? stored.start.versionId;
  const original = await reign.programs.get(stored.start.versionId);
  const loaded = await reign.programs.get(versionId);
  if (!original.ok || !loaded.ok) {
    const { code, message } = original.ok ? (loaded as Exclude<typeof loaded, { ok: true }>) : original;
    return { kind: "refused", code, message, remedy: "Choose a version that can be run." };
  }
  const executionId = reign.deps.ids.execution(Math.floor(reign.deps.clock.now()));
  const forked = reign.kernel.forkStart({
    original: original.program,
    program: loaded.program,
    facts: await readFacts(reign, stored),
    seq: stored.turns.at(-1)?.seq ?? 0,
    ...(request.node !== undefined ? { node: request.node } : {}),
    ...(request.items !== undefined ? { items: request.items } : {}),
    ...(request.repeatEffects !== undefined ? { repeatEffects: request.repeatEffects } : {}),
    start: {
      executionId,
      seed: reign.deps.ids.seed(),
      versionId,
      mode: request.mode ?? stored.start.mode,
      ...(request.actor !== undefined ? { actor: request.actor } : {}),
    },
  });
  if (!forked.ok) {
    return { kind: "refused", code: forked.code, message: forked.message, remedy: forked.remedy };
  }
  const { envId, traceId } = stored.start;
  const { start } = forked.event;
  // Another version may read more of them; what the original saw stays as it was.
  const known = reign.deps.vars?.({ orgId: request.orgId, envId }, loaded.program.definition);
  const vars = known instanceof Promise ? await known : known;
  if (vars) start.vars = { ...vars, ...start.vars };
  if (reign.isOver) throw deposed();
  return new Promise((resolve, reject) => {
    const born = { event: forked.event, program: loaded.program, envId, traceId: traceId ?? undefined };
    bear(
      reign,
      { ...born, concurrencyKey: null, startKey: null },
      { resolve: () => resolve({ kind: "started", executionId }), reject },
    );
  });
}

async function readFacts(reign: Reign, stored: StoredExecution): Promise<Fact[]> {
  const reader: BlobReader = { payloads: reign.deps.payloads, known: new Map() };
  const facts: Fact[] = [];
  for (const turn of stored.turns) for (const fact of await decodeTurn(reader, turn.body)) facts.push(fact);
  return facts;
}

function unknownExecution(executionId: string): StartResult {
  return {
    kind: "refused",
    code: "UNKNOWN_EXECUTION",
    message: `There is no execution ${executionId}.`,
    remedy: "Look for it in the list of executions; it may have been removed by the retention rules.",
  };
}

function noHistory(executionId: string): StartResult {
  return {
    kind: "refused",
    code: "HISTORY_INCOMPLETE",
    message: `The history of execution ${executionId} does not begin with its first turn.`,
    remedy: "Start the workflow anew with the same input.",
  };
}
