// How the parts are, and whether executions are accepted. Load balancers and people ask this.
//   ready        everything works                                200
//   degraded     executions are accepted, something is not well  200
//   unavailable  executions are not accepted                     503
import type { SentencePart } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Said, say } from "../platform/say.ts";

type Part = { state: "ok" | "degraded" | "down"; detail?: string; detailParts?: SentencePart[] | null };

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
    server: deps.draining.aborted ? part("down", say("health.server.ending", {})) : { state: "ok" },
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
  if (restored) return part("down", say("health.engine.restored", { backup: restored.backup }));
  return part(
    "down",
    reason === undefined ? say(`health.engine.${state}`, {}) : { text: reason, parts: null },
  );
}

/** How it is, and why. */
function part(state: Part["state"], why: Said): Part {
  return { state, detail: why.text, detailParts: why.parts };
}

async function databasePart(deps: Deps): Promise<Part> {
  const known = deps.database();
  const timeout = new Promise<Part>((resolve) => {
    const silent = say("health.database.silent", { seconds: PROBE_MS / 1_000 });
    setTimeout(() => resolve(part("down", silent)), PROBE_MS).unref();
  });
  const probe = deps.journal.query("SELECT 1").then(
    (): Part => ({ state: "ok" }),
    (): Part =>
      part(
        "down",
        known.detail === undefined
          ? say("health.database.unreachable", {})
          : { text: known.detail, parts: null },
      ),
  );
  return Promise.race([probe, timeout]);
}

/** Low: nothing new is started, and what runs goes on. Nothing left: nothing can be recorded either. */
async function diskPart({ disk, settings }: Deps): Promise<Part> {
  const found = await disk.look();
  if (!found) return part("degraded", say("health.disk.unmeasured", {}));
  const freePercent = percent(found.free);
  if (found.free < DISK_FREE_STOP) return part("down", say("health.disk.full", { percent: freePercent }));
  if (!found.isLow) return { state: "ok" };
  const wantedPercent = settings.diskFreePercent + 1;
  return part("degraded", say("health.disk.low", { percent: freePercent, wantedPercent }));
}

/** Only where backups are kept: a server without them is not unwell. */
function backupsPart({ backups }: Deps): Record<string, Part> {
  if (backups.mode !== "on") return {};
  const detail = backups.trouble();
  return {
    backups: detail === undefined ? { state: "ok" } : part("degraded", detail),
  };
}

function percent(share: number): number {
  return Number((share * 100).toFixed(1));
}
