// What reaches the engine as rows: written by other processes (API, standby, workers) or by ourselves (starts that
// wait for a place). A row leaves the inbox in the flush that journals what it asked for, so it is taken exactly once.
//
//   kind "event"  body = the event            kind "start"  body = the start request, executionId chosen by the writer
import type { Event } from "@auraos/kernel";
import { enqueueStart } from "./admission.ts";
import type { StartRequest } from "./engine.types.ts";
import { messageOf } from "./errors.ts";
import { emptyItem } from "./laneItem.ts";
import { INBOX_POLL_MS, LOAD_PAGE } from "./limits.ts";
import { askTick, enqueue, type Reign } from "./reign.ts";
import type { InboxRow } from "./store.ts";

/** Looks once and then again and again; resolves after the first look. */
export async function readInbox(reign: Reign): Promise<void> {
  const taken = new Set<string>();
  const look = async (): Promise<void> => {
    try {
      const rows = await reign.deps.store.inbox(reign.admission.queued.size + LOAD_PAGE);
      if (reign.isOver || reign.isStopping) return;
      const present = new Set(rows.map((row) => row.id));
      for (const id of taken) if (!present.has(id)) taken.delete(id);
      const fresh = rows.filter((row) => !taken.has(row.id));
      for (const row of fresh) taken.add(row.id);
      // A row that could not be handled is looked at again with the next look.
      await Promise.all(fresh.map((row) => take(reign, row, () => taken.delete(row.id))));
    } catch (error) {
      reign.deps.log("warn", "the inbox could not be read", { error: messageOf(error) });
    }
    if (!reign.isOver && !reign.isStopping) reign.wheel.add(INBOX_POLL_MS, () => void look());
  };
  await look();
}

async function take(reign: Reign, row: InboxRow, onTrouble: () => void): Promise<void> {
  let body: unknown;
  try {
    body = JSON.parse(
      Buffer.from(row.body.buffer, row.body.byteOffset, row.body.byteLength).toString("utf8"),
    );
  } catch (error) {
    reign.deps.log("error", "an inbox row cannot be read and is dropped", {
      id: row.id,
      error: messageOf(error),
    });
    return drop(reign, row);
  }
  const found = await reign.loader.get(row.executionId).catch((error: unknown) => {
    reign.deps.log("warn", "an inbox row waits", { id: row.id, error: messageOf(error) });
    onTrouble();
  });
  if (found === undefined || reign.isOver) return;
  if (row.kind === "start") {
    // A look that began before the start was committed still shows its row.
    const queued = { executionId: row.executionId, inboxId: row.id, request: body as StartRequest };
    if (found.kind === "missing") enqueueStart(reign, queued, onTrouble);
    else if (found.kind !== "live") drop(reign, row);
    return;
  }
  if (found.kind !== "live" || found.exec.isPoisoned) return drop(reign, row);
  found.exec.inboxIds.push(row.id);
  found.exec.mailbox.push(body as Event);
  enqueue(reign, found.exec);
}

/** Nobody is there to take it: too late, or never known. */
function drop(reign: Reign, row: InboxRow): void {
  const item = emptyItem(null);
  item.inboxDone = [row.id];
  reign.lane.push(item);
  askTick(reign);
}
