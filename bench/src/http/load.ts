// Load in a process of its own, so that sending costs the server no time on its thread: `startLoad` there, load.worker.ts
// here.
import { spawn } from "node:child_process";
import { join } from "node:path";

export type LoadJob = {
  port: number;
  path: string;
  headers: Record<string, string>;
  /** JSON text; every `@i` is the number of the request. */
  body: string;
  connections: number;
  /** Ends after so many requests, or after so many milliseconds. */
  requests?: number;
  ms?: number;
  /** Requests a second at fixed times, whatever the answers; without it each connection sends as soon as it can. */
  perSecond?: number;
};

export type LoadResult = {
  ok: number;
  failed: number;
  /** What the first failure said. */
  failure: string | null;
  seconds: number;
  latenciesMs: number[];
  /** When each request that was answered was answered, ms since 1970. */
  lastAtMs: number;
  cpuSeconds: number;
};

export type Load = { pid: number; result: Promise<LoadResult> };

export function startLoad(job: LoadJob): Load {
  const worker = spawn(process.execPath, [join(import.meta.dirname, "load.worker.ts"), JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  worker.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const result = new Promise<LoadResult>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")) as LoadResult);
      else reject(new Error(`the load ended with code ${code}`));
    });
  });
  return { pid: worker.pid as number, result };
}
