// Endpoints of backups. They are of the whole server, so only the organization that runs it has them.
import * as b from "./backup.ts";
import { pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Backups";
const notNow =
  "A run is under way; the server uses a PostgreSQL of your own; or there is no backup yet. `code` says which.";

export const backupEndpoints = {
  getBackups: endpoint({
    method: "get",
    path: "/api/v1/backups",
    action: "backup.read",
    tag,
    summary: "Backups, what is next, and how the last ones ended",
    reply: b.backupOverview,
  }),
  takeBackup: endpoint({
    method: "post",
    path: "/api/v1/backups",
    action: "backup.manage",
    tag,
    summary: "Take a backup now",
    description: "Answered when it has begun; the run says how it ends.",
    reply: b.backupRun,
    status: 202,
    also: { 409: notNow },
  }),
  listBackupRuns: endpoint({
    method: "get",
    path: "/api/v1/backups/runs",
    action: "backup.read",
    tag,
    summary: "Backups and drills that were done, newest first",
    query: z.object({ ...pageQuery, kind: z.enum(["backup", "drill"]).optional() }),
    reply: b.backupRunPage,
  }),
  getBackupRun: endpoint({
    method: "get",
    path: "/api/v1/backups/runs/:id",
    action: "backup.read",
    tag,
    summary: "One run",
    params: z.object({ id: z.uuid() }),
    reply: b.backupRun,
  }),
  releaseRestored: endpoint({
    method: "post",
    path: "/api/v1/backups/release",
    action: "backup.manage",
    tag,
    summary: "Let a restored server execute again",
    description:
      "What was open at the restored moment goes on, also what went on in the world since. Look at it first.",
    status: 204,
  }),
  startDrill: endpoint({
    method: "post",
    path: "/api/v1/backups/drills",
    action: "backup.manage",
    tag,
    summary: "Prove now that a backup can be restored",
    description:
      "It is restored into a folder of its own, a database is started on it and compared with what the backup recorded.",
    body: { kind: "json", schema: b.drillBody },
    reply: b.backupRun,
    status: 202,
    also: { 409: notNow },
  }),
};
