// How the parts are, and whether executions are accepted. Load balancers and people ask this.
//   ready        everything works                                200
//   degraded     executions are accepted, something is not well  200
//   unavailable  executions are not accepted                     503
import { statfs } from "node:fs/promises";
import type { Deps } from "../deps.ts";

type Part = { state: "ok" | "degraded" | "down"; detail?: string };

export type Health = {
  status: "ready" | "degraded" | "unavailable";
  accepting: boolean;
  parts: Record<string, Part>;
  uptimeSeconds: number;
  version: string;
};

const PROBE_MS = 2_000;
const DISK_FREE_MIN = 0.1;
const DISK_FREE_STOP = 0.02;

export async function readHealth(deps: Deps): Promise<Health> {
  const [database, disk] = await Promise.all([databasePart(deps), diskPart(deps.settings.dataDir)]);
  const engine = enginePart(deps);
  const parts: Record<string, Part> = {
    engine,
    database,
    disk,
    server: deps.draining.aborted ? { state: "down", detail: "the server is ending" } : { state: "ok" },
  };
  const accepting = Object.values(parts).every((part) => part.state !== "down");
  const isWell = Object.values(parts).every((part) => part.state === "ok");
  return {
    status: accepting ? (isWell ? "ready" : "degraded") : "unavailable",
    accepting,
    parts,
    uptimeSeconds: Math.round(process.uptime()),
    version: deps.version,
  };
}

function enginePart(deps: Deps): Part {
  const { state, reason } = deps.engine.status();
  if (state === "leading") return { state: "ok" };
  const words: Record<string, string> = {
    starting: "the engine is starting",
    recovering: "the engine takes up what was running",
    standby: "another engine leads; this one stands by",
    failing: "the engine cannot write",
    stopping: "the engine is stopping",
    stopped: "the engine has stopped",
  };
  return { state: "down", detail: reason ?? words[state] ?? state };
}

async function databasePart(deps: Deps): Promise<Part> {
  const known = deps.database();
  const timeout = new Promise<Part>((resolve) => {
    setTimeout(() => resolve({ state: "down", detail: "no answer in 2 s" }), PROBE_MS).unref();
  });
  const probe = deps.journal.query("SELECT 1").then(
    (): Part => ({ state: "ok" }),
    (): Part => ({ state: "down", detail: known.detail ?? "cannot be reached" }),
  );
  return Promise.race([probe, timeout]);
}

async function diskPart(folder: string): Promise<Part> {
  try {
    const { bavail, blocks } = await statfs(folder);
    const free = blocks === 0 ? 1 : bavail / blocks;
    if (free >= DISK_FREE_MIN) return { state: "ok" };
    const detail = `${(free * 100).toFixed(1)} % free`;
    return { state: free < DISK_FREE_STOP ? "down" : "degraded", detail };
  } catch {
    return { state: "degraded", detail: "the data folder cannot be measured" };
  }
}
