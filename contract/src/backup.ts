// Backups and drills as they travel.
import { instant, page } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const backupRun = z
  .object({
    id: z.uuid(),
    kind: z.enum(["backup", "drill"]),
    state: z.enum(["running", "done", "failed"]),
    backup: z.string().nullable().describe("The backup that was taken, or restored by the drill."),
    startedBy: z.string(),
    startedAt: instant,
    endedAt: instant.nullable(),
    failure: z.string().nullable(),
    failureParts: sentenceParts("failure"),
    sizes: z
      .object({
        clusterBytes: z.int(),
        filesBytes: z.int(),
        storedBytes: z.int().describe("Compressed and sealed."),
        rows: z.int().nullable(),
        removed: z.int().describe("Older backups that were removed after it."),
      })
      .nullable()
      .describe("Of a backup that succeeded."),
    proof: z
      .object({
        isEqual: z.boolean().nullable().describe("Null: the backup recorded nothing to compare with."),
        tables: z.int(),
        rows: z.int(),
        indexes: z.int().describe("Checked from end to end."),
        auditEntries: z.int(),
        organizations: z.int(),
        restoreMs: z.int(),
        tookMs: z.int(),
        problems: z.array(z.string()),
      })
      .nullable()
      .describe("What a drill found in the restored database."),
  })
  .meta({ id: "BackupRun" });
export type BackupRun = z.infer<typeof backupRun>;
export const backupRunPage = page(backupRun);

export const backup = z
  .object({
    id: z.string(),
    trouble: z.string().nullable().describe("Why it cannot be read; the rest is null then."),
    troubleParts: sentenceParts("trouble"),
    startedAt: instant.nullable(),
    consistentAt: instant.nullable().describe("The earliest moment that it can be restored to."),
    endedAt: instant.nullable(),
    clusterBytes: z.int().nullable(),
    storedBytes: z.int().nullable(),
    rows: z.int().nullable(),
    release: z.string().nullable(),
    keyId: z.string().nullable(),
  })
  .meta({ id: "Backup" });
export type Backup = z.infer<typeof backup>;

export const backupOverview = z
  .object({
    mode: z
      .enum(["on", "manual", "external"])
      .describe("on: on time, and any second can be restored; manual: when asked; external: not from here."),
    folder: z.string(),
    keyId: z.string().nullable().describe("Of the key that seals new backups; null until the first one."),
    keep: z.int(),
    backupAt: z.array(z.string()).describe("Times of the day, UTC."),
    drillAt: z.array(z.string()),
    nextBackupAt: instant.nullable(),
    nextDrillAt: instant.nullable(),
    archive: z
      .object({ lastAt: instant.nullable(), waiting: z.int(), trouble: z.string().nullable() })
      .nullable()
      .describe("The WAL on its way into the folder; null when only backups themselves are kept."),
    trouble: z.string().nullable(),
    troubleParts: sentenceParts("trouble"),
    restored: z
      .object({ backup: z.string(), moment: z.string() })
      .nullable()
      .describe("The server came from a backup, and nothing is executed until it is released."),
    running: backupRun.nullable(),
    lastBackup: backupRun.nullable(),
    lastDrill: backupRun.nullable(),
    items: z.array(backup).describe("What the folder has, newest first."),
  })
  .meta({ id: "BackupOverview" });
export type BackupOverview = z.infer<typeof backupOverview>;

export const drillBody = z.strictObject({
  backup: z.string().max(40).optional().describe("Absent = the newest one."),
});
