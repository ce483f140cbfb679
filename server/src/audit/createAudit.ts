// Writes the audit log: what the same moment brings goes into one statement per organization. A change is answered once
// its entry is durable; when it cannot be written, the log of the server says so with the entry itself.
import { createBatches } from "../platform/batches.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { append } from "./store.ts";

export type AuditFact = {
  orgId: string;
  actor: string;
  via: string;
  role: string;
  action: string;
  what: string;
  object: string | null;
  name: string | null;
  fields: readonly string[];
  outcome: "done" | "denied";
  code: string | null;
  requestId: string;
};

export type Audit = { note(fact: AuditFact): Promise<void> };

export function createAudit(options: { pool: Pool; nowMs: () => number; log: Log }): Audit {
  const { pool, nowMs, log } = options;
  const writing = createBatches(write, { max: 500 });
  return { note };

  async function note({ orgId, ...fact }: AuditFact): Promise<void> {
    const entry = JSON.stringify({ at: new Date(nowMs()).toISOString(), ...fact });
    try {
      await writing.put({ orgId, entry });
    } catch (error) {
      log("error", "an audit entry could not be written", { orgId, entry, error });
    }
  }

  async function write(items: readonly { orgId: string; entry: string }[]): Promise<void> {
    const byOrg = Map.groupBy(items, ({ orgId }) => orgId);
    for (const [orgId, some] of byOrg)
      await withTenant(pool, orgId, (tx) =>
        append(
          tx,
          some.map(({ entry }) => entry),
        ),
      );
  }
}
