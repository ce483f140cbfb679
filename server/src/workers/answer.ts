// Answers what an activity in a worker asks of its context.
import type { FromWorker } from "@auraos/contract";
import { NodeError } from "@auraos/kernel";
import type { ActivityContext } from "@auraos/nodes";
import { messageOf } from "../engine/errors.ts";
import { NOT_BEGUN, tooLarge } from "./failures.ts";
import { createHostCalls } from "./hostCalls.ts";
import { MessageTooLarge } from "./message.ts";
import type { PoolWorker, Task } from "./pool.types.ts";

export async function answer(
  worker: PoolWorker,
  asked: FromWorker & { type: "call" },
  contextOf: (task: Task) => ActivityContext,
): Promise<void> {
  const task = worker.running.get(asked.task);
  let reply: { value: unknown } | { failure: unknown };
  try {
    if (task === undefined || task.signal.aborted) throw new NodeError(NOT_BEGUN);
    task.calls ??= createHostCalls(contextOf(task));
    reply = { value: (await task.calls.answer(asked.method, asked.args)) ?? null };
  } catch (error) {
    // Codes of the file system are what file nodes look at; nothing else of a foreign error leaves the server.
    const code = (error as { code?: unknown } | null)?.code;
    reply = {
      failure:
        error instanceof NodeError
          ? error.failure
          : { message: messageOf(error), ...(typeof code === "string" ? { system: code } : {}) },
    };
  }
  if (worker.state === "gone") return;
  try {
    worker.channel.send({ type: "reply", call: asked.call, ...reply });
  } catch (error) {
    if (error instanceof MessageTooLarge)
      worker.channel.send({ type: "reply", call: asked.call, failure: tooLarge("The answer to the step") });
  }
}
