// Entry of a worker thread: one task at a time, each in a guest of its own. The next guest is made while nobody waits.
import { parentPort, workerData } from "node:worker_threads";
import { createGuest, type Guest } from "./guest.ts";
import type { CodeTask, WorkerData, WorkerMessage } from "./protocol.ts";

const { quickjs, limits }: WorkerData = workerData;
let next: Promise<Guest> = createGuest(quickjs, limits);

parentPort?.on("message", (task: CodeTask) => void answer(task));
await next;
say({ type: "ready", usedMs: usedMs() });

async function answer(task: CodeTask): Promise<void> {
  const guest = await next;
  const reply = guest.run(task);
  say({ type: "reply", reply, usedMs: usedMs() });
  next = createGuest(quickjs, limits);
}

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
