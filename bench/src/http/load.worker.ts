// The process that sends: `node load.worker.ts <job as JSON>`; prints its result as JSON.
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, openConnection, requestText } from "./connection.ts";
import type { LoadJob, LoadResult } from "./load.ts";

const job = JSON.parse(process.argv[2] as string) as LoadJob;
const connections = await Promise.all(
  Array.from({ length: job.connections }, () => openConnection(job.port)),
);
const result: LoadResult = {
  ok: 0,
  failed: 0,
  failure: null,
  seconds: 0,
  latenciesMs: [],
  lastAtMs: 0,
  cpuSeconds: 0,
};
const startedAt = performance.now();
const used = process.cpuUsage();
await (job.perSecond === undefined ? keepSending() : sendOnTime(job.perSecond));
const { user, system } = process.cpuUsage(used);
result.seconds = (performance.now() - startedAt) / 1000;
result.cpuSeconds = (user + system) / 1e6;
for (const connection of connections) connection.close();
process.stdout.write(JSON.stringify(result));

async function keepSending(): Promise<void> {
  let next = 0;
  const isOver = () =>
    next >= (job.requests ?? Number.POSITIVE_INFINITY) ||
    performance.now() - startedAt >= (job.ms ?? Number.POSITIVE_INFINITY);
  await Promise.all(
    connections.map(async (connection) => {
      while (!isOver()) if (!(await one(connection, next++, performance.now()))) return;
    }),
  );
}

/** A request that finds no free connection waits, and its latency counts from the time it should have been sent. */
async function sendOnTime(perSecond: number): Promise<void> {
  const total = job.requests ?? Math.round(((job.ms ?? 0) / 1000) * perSecond);
  const free = [...connections];
  const sent: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    const dueMs = startedAt + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    while (free.length === 0) await delay(1);
    const connection = free.pop() as Connection;
    sent.push(
      one(connection, index, Math.max(dueMs, startedAt)).then(() => {
        free.push(connection);
      }),
    );
  }
  await Promise.all(sent);
}

async function one(connection: Connection, index: number, sinceMs: number): Promise<boolean> {
  const body = job.body.replaceAll("@i", String(index));
  try {
    const reply = await connection.send(requestText(job.port, "POST", job.path, job.headers, body));
    result.lastAtMs = Date.now();
    if (reply.status >= 200 && reply.status < 300) {
      result.ok += 1;
      result.latenciesMs.push(performance.now() - sinceMs);
      return true;
    }
    throw new Error(`status ${reply.status}: ${reply.body.slice(0, 300)}`);
  } catch (error) {
    result.failed += 1;
    result.failure ??= String(error);
    return !String(error).includes("closed");
  }
}
