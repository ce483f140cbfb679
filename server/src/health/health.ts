// How the parts are, and whether executions are accepted. Load balancers and people ask this.
//   ready        everything works                                200
//   degraded     executions are accepted, something is not well  200
//   unavailable  executions are not accepted                     503
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
const DISK_FREE_STOP = 0.02;

export async function readHealth(deps: Deps): Promise<Health> {
  const [database, disk] = await Promise.all([databasePart(deps), diskPart(deps)]);
  const engine = enginePart(deps);
  const parts: Record<string, Part> = {
    engine,
    database,
    disk,
    ...backupsPart(deps),
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
  const restored = deps.hold?.mark();
  if (restored)
    return {
      state: "down",
      detail: `restored from the backup ${restored.backup}: look, then release it (auraos restore --release)`,
    };
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

/** Low: nothing new is started, and what runs goes on. Nothing left: nothing can be recorded either. */
async function diskPart({ disk, settings }: Deps): Promise<Part> {
  const found = await disk.look();
  if (!found) return { state: "degraded", detail: "the data folder cannot be measured" };
  if (found.free < DISK_FREE_STOP) return { state: "down", detail: `${percent(found.free)} % free` };
  if (!found.isLow) return { state: "ok" };
  return {
    state: "degraded",
    detail: `${percent(found.free)} % free: no new executions until ${settings.diskFreePercent + 1} % are`,
  };
}

/** Only where backups are kept: a server without them is not unwell. */
function backupsPart({ backups }: Deps): Record<string, Part> {
  if (backups.mode !== "on") return {};
  const detail = backups.trouble();
  return { backups: detail === undefined ? { state: "ok" } : { state: "degraded", detail } };
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
