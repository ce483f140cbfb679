// Workers of one thread in this process, for tests: the executor is the real one, and it can be killed at any moment.
import { Worker } from "node:worker_threads";
import { PROTOCOL } from "@auraos/contract";
import type { PoolWorker, WorkerPool } from "./pool.types.ts";
import { CALLS_MAX, type ExecutorData, type FromExecutor } from "./process/link.ts";

export type ThreadWorkers = {
  /** One that takes everything at once. */
  join(): Promise<{ worker: PoolWorker; kill(): Promise<void> }>;
  end(): Promise<void>;
};

/** `allowHosts`: private targets that requests from a worker may reach; null = the server makes the requests. */
export function threadWorkers(
  pool: WorkerPool,
  scratch: string,
  allowHosts: string[] | null = null,
): ThreadWorkers {
  const threads = new Set<Worker>();
  return {
    join,
    async end() {
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };

  function join(): Promise<{ worker: PoolWorker; kill(): Promise<void> }> {
    const workerData: ExecutorData = {
      allowHosts,
      scratch,
      nodesDir: null,
      firstCall: threads.size * CALLS_MAX,
    };
    const thread = new Worker(new URL("./process/executor.ts", import.meta.url), { workerData, env: {} });
    threads.add(thread);
    return new Promise((resolve) => {
      let worker: PoolWorker;
      const channel = {
        send: (message: object) => thread.postMessage(structuredClone(message)),
        kill: () => void thread.terminate(),
      };
      thread.on("message", (message: FromExecutor) => {
        if (message.type !== "ready") return pool.hear(worker, message);
        const { nodeTypes } = message;
        const hello = { type: "hello", protocol: PROTOCOL, version: "test", name: "thread" } as const;
        worker = pool.join(
          channel,
          { ...hello, labels: [], concurrency: 256, nodeTypes, host: "here", pid: process.pid },
          { kind: "local", orgId: null },
        );
        const kill = async () => {
          await thread.terminate();
          pool.leave(worker);
        };
        resolve({ worker, kill });
      });
    });
  }
}
