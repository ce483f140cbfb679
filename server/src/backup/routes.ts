// Routes of backups. A backup has the data of every organization, so only the one that the first start made may ask.
import { type Backup, type BackupOverview, type BackupRun, endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Caller, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import type { BackupItem } from "./createBackups.ts";
import { failureOf, type RunRow } from "./store.ts";

export function backupRoutes(deps: Deps): Route[] {
  const { backups } = deps;
  return [
    route(endpoints.getBackups, async ({ caller }) => {
      operatorOnly(deps, caller);
      return { json: await overview(deps) };
    }),
    route(endpoints.takeBackup, async ({ caller }) => {
      operatorOnly(deps, caller);
      return { status: 202, json: runView(await backups.begin("backup", caller.actor)) };
    }),
    route(endpoints.listBackupRuns, async ({ query, caller }) => {
      operatorOnly(deps, caller);
      const after = placeAfter(query.after);
      const rows = await backups.runs({ kind: query.kind ?? null, after, limit: query.limit + 1 });
      return { json: pageOf(rows, query.limit, ({ id }) => id, runView) };
    }),
    route(endpoints.getBackupRun, async ({ params, caller }) => {
      operatorOnly(deps, caller);
      const row = await backups.findRun(params.id);
      if (!row) throw notFound("run with this id", "GET /api/v1/backups/runs lists those there are.");
      return { json: runView(row) };
    }),
    route(endpoints.releaseRestored, ({ caller }) => {
      operatorOnly(deps, caller);
      deps.hold?.release();
      return { empty: true };
    }),
    route(endpoints.startDrill, async ({ body, caller }) => {
      operatorOnly(deps, caller);
      return { status: 202, json: runView(await backups.begin("drill", caller.actor, body.backup)) };
    }),
  ];
}

function operatorOnly({ firstOrgId }: Deps, { orgId }: Caller): void {
  if (orgId === firstOrgId) return;
  throw refuse(
    403,
    "NOT_ALLOWED",
    "Backups have the data of every organization of this server; yours does not run it.",
    "Ask whoever runs the server.",
  );
}

async function overview({ backups, settings, hold }: Deps): Promise<BackupOverview> {
  const { keyId, running, nextBackupAt, nextDrillAt, archive } = backups.status();
  const [now, lastBackup, lastDrill, items] = await Promise.all([
    running === null ? undefined : backups.findRun(running),
    backups.lastRun("backup"),
    backups.lastRun("drill"),
    backups.list(),
  ]);
  const trouble = backups.trouble();
  const view = (row: RunRow | undefined) => (row ? runView(row) : null);
  return {
    ...{ mode: backups.mode, folder: backups.folder, keyId },
    ...{ keep: settings.backupKeep, backupAt: settings.backupAt, drillAt: settings.drillAt },
    nextBackupAt: nextBackupAt?.toISOString() ?? null,
    nextDrillAt: nextDrillAt?.toISOString() ?? null,
    archive: archive && {
      ...archive,
      lastAt: archive.lastAt?.toISOString() ?? null,
      trouble: archive.trouble?.text ?? null,
    },
    trouble: trouble?.text ?? null,
    troubleParts: trouble?.parts ?? null,
    restored: hold?.mark() ?? null,
    ...{ running: view(now), lastBackup: view(lastBackup), lastDrill: view(lastDrill) },
    items: items.map(itemView),
  };
}

function itemView({ id, manifest, trouble }: BackupItem): Backup {
  return {
    id,
    trouble: trouble?.text ?? null,
    troubleParts: trouble?.parts ?? null,
    startedAt: manifest?.startedAt ?? null,
    consistentAt: manifest?.consistentAt ?? null,
    endedAt: manifest?.endedAt ?? null,
    clusterBytes: manifest?.clusterBytes ?? null,
    storedBytes: manifest?.storedBytes ?? null,
    rows: manifest?.content?.reduce((sum, { rows }) => sum + rows, 0) ?? null,
    release: manifest?.release ?? null,
    keyId: manifest?.keyId ?? null,
  };
}

function runView(row: RunRow): BackupRun {
  const { id, kind, state, backup, startedBy, startedAt, endedAt, failure, report } = row;
  // Which backup it was stands in the row.
  const { backup: _id, failureParts: _parts, ...found } = report;
  const hasReport = Object.keys(found).length > 0;
  return {
    ...{ id, kind, state, backup, startedBy, failure },
    failureParts: failureOf(row).parts,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    sizes: kind === "backup" && hasReport ? (found as BackupRun["sizes"]) : null,
    proof: kind === "drill" && hasReport ? (found as BackupRun["proof"]) : null,
  };
}
