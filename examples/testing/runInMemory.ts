// Runs a workflow to its end in this process, without database and server: the kernel decides, activities really run.
// Nothing here survives a crash; it is for trying examples only.
import { compileTemplate } from "@auraos/expression";
import {
  advance,
  compile,
  type Event,
  type ExecutionState,
  type Failure,
  type Item,
  isClosed,
  type Json,
  newState,
  nextWake,
  type Program,
} from "@auraos/kernel";
import { type ActivityContext, ActivityError, findNodeType } from "@auraos/nodes";

type Finished = { status: string; output?: Json; failure?: Failure };
type Activity = Extract<ReturnType<typeof advance>["commands"][number], { type: "RunActivity" }>;

export function compileExample(definition: unknown): Program {
  const compiled = compile(definition, findNodeType, { compileTemplate });
  if (compiled.ok) return compiled.program;
  throw new Error(`The definition has problems: ${JSON.stringify(compiled.problems, null, 2)}`);
}

export async function runInMemory(
  definition: unknown,
  items: Item[],
  context: ActivityContext,
): Promise<Finished> {
  const program = compileExample(definition);
  const state = newState();
  const world = createWorld(context);
  world.report({ type: "ExecutionStarted", start: startRecord(), items });
  while (!isClosed(state)) {
    const events = await world.next(state);
    for (let more = true; more; ) {
      const turn = advance(program, state, events.splice(0), Date.now());
      for (const command of turn.commands) {
        if (command.type === "RunActivity") world.run(command);
        if (command.type === "CancelActivity") world.cancel(command.command);
        if (command.type === "FinishExecution") {
          const { type: _, ...finished } = command;
          world.close();
          return finished;
        }
      }
      more = turn.more;
    }
  }
  throw new Error("The execution ended without saying so.");
}

function createWorld(context: ActivityContext) {
  const events: Event[] = [];
  const running = new Map<string, AbortController>();
  let wake = () => {};

  function report(event: Event): void {
    events.push(event);
    wake();
  }

  async function perform(command: Activity): Promise<void> {
    const { config, items, inputs, index, attempt, nowMs, seed, zone } = command;
    const controller = new AbortController();
    running.set(command.command, controller);
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(command.timeoutMs)]);
    const about = { command: command.command, attempt };
    const call = { config, items, inputs, index, attempt, idempotencyKey: command.key, nowMs, seed, zone };
    try {
      if (command.effect === "once") {
        report({ type: "ActivityStarted", ...about, deadlineMs: Date.now() + command.timeoutMs });
      }
      const outputs = await findNodeType(command.nodeType)?.run?.(call, { ...context, signal });
      report({ type: "ActivitySucceeded", ...about, outputs: outputs ?? {} });
    } catch (error) {
      report({ type: "ActivityFailed", ...about, failure: failureOf(error) });
    }
    running.delete(command.command);
  }

  return {
    report,
    run: (command: Activity) => void perform(command),
    cancel: (command: string) => running.get(command)?.abort(),
    close() {
      for (const controller of running.values()) controller.abort();
    },
    /** What happened since, or nothing when a timer is due. */
    async next(state: ExecutionState): Promise<Event[]> {
      if (events.length > 0) return events.splice(0);
      const at = nextWake(state);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (at !== null) timer = setTimeout(resolve, Math.max(0, at - Date.now()));
      });
      clearTimeout(timer);
      return events.splice(0);
    },
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof ActivityError) return error.failure;
  return {
    code: "NODE_BUG",
    class: "unknown",
    message: error instanceof Error ? (error.stack ?? "") : String(error),
  };
}

function startRecord(): Extract<Event, { type: "ExecutionStarted" }>["start"] {
  return {
    executionId: "example",
    orgId: "example",
    workflowId: "example",
    workflowName: "example",
    versionId: "example",
    mode: "production",
    seed: "example",
    depth: 0,
    effectRoot: "example",
    generation: 0,
  };
}
