// A thread of a worker: runs one activity at a time, in the context that remoteContext.ts makes. It may be terminated
// at any moment; the main thread (runWorker.ts) then says what became of the task.
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerTask } from "@auraos/contract";
import { type Failure, NodeError } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, findNodeType, nodeTypes } from "@auraos/nodes";
import { createCodeRunner } from "@auraos/nodes/sandbox/createCodeRunner.ts";
import { loadNodes } from "../../nodeTypes/loadNodes.ts";
import type { ExecutorData, FromExecutor, ToExecutor } from "./link.ts";
import { createAsk, remoteContext } from "./remoteContext.ts";

const { allowHosts, firstCall, nodesDir, scratch } = workerData as ExecutorData;
const code = createCodeRunner({ workers: 1 });
const ask = createAsk(say, firstCall);
const running = new Map<string, AbortController>();

parentPort?.on("message", (message: ToExecutor) => {
  if (message.type === "run") void run(message.task, message.activity);
  else if (message.type === "cancel") running.get(message.task)?.abort();
  else ask.answered(message);
});
if (nodesDir !== null) await loadNodes(nodesDir);
say({
  type: "ready",
  nodeTypes: nodeTypes.filter((module) => module.run !== undefined).map((module) => module.type),
});

async function run(task: string, activity: WorkerTask): Promise<void> {
  const controller = new AbortController();
  running.set(task, controller);
  const asks = (method: string, ...args: unknown[]) => ask.for(task, method, args);
  const context = remoteContext({ ask: asks, code, allowHosts, scratch, signal: controller.signal });
  say({ type: "done", task, outcome: (await outcomeOf(activity, context)) as never });
  running.delete(task);
}

async function outcomeOf(
  { nodeType, confirm, call }: WorkerTask,
  context: ActivityContext,
): Promise<unknown> {
  const module = findNodeType(nodeType);
  try {
    if (confirm) {
      if (!module?.confirm) return { kind: "confirmed", outcome: "unknown" };
      const { outcome, ...more } = await module.confirm(call as ActivityCall, context);
      return { kind: "confirmed", outcome, ...more };
    }
    if (!module?.run) throw new Error(`this worker has no node type "${nodeType}"`);
    return { kind: "succeeded", outputs: await module.run(call as ActivityCall, context) };
  } catch (error) {
    return { kind: "failed", failure: failureOf(nodeType, error) };
  }
}

function failureOf(nodeType: string, error: unknown): Failure {
  if (error instanceof NodeError) return error.failure;
  return {
    code: "NODE_BUG",
    class: "unknown",
    message: `The node type "${nodeType}" failed in a way it did not foresee: ${error instanceof Error ? error.message : String(error)}`,
    remedy: "Report this.",
    retryable: false,
    certainty: "unknown",
  };
}

function say(message: FromExecutor): void {
  parentPort?.postMessage(message);
}
