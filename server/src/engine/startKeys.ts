// Start keys (exactly-once starts): one engine writes them all, so looking and taking cannot be raced by anybody but
// ourselves. A key whose start is under way, or waits for its place, is held in `reign.startKeys`; once its first turn is
// written, it stands in the table.
//
// Invariant: whoever is told the id of an execution by its key is told one that nothing can take back.
import type { StartRequest, StartResult } from "./engine.types.ts";
import type { Reign } from "./reign.ts";

export type Keyed = Pick<StartRequest, "orgId" | "workflowId" | "envId"> & { key?: { key: string } };

/** Under this name it waits in the inbox. */
export function startKeyName({ orgId, workflowId, envId, key }: Keyed): string | null {
  return key === undefined ? null : JSON.stringify([orgId, workflowId, envId, key.key]);
}

/** Whoever asks with this key waits for `result` and is given that execution. */
export function holdKey(
  reign: Reign,
  request: StartRequest,
  executionId: string,
  result: Promise<StartResult>,
): void {
  const name = startKeyName(request);
  if (name === null || request.key === undefined || reign.startKeys.has(name)) return;
  reign.startKeys.set(name, { executionId, requestHash: request.key.requestHash, result });
}

/** Only by whom it is held: it may be somebody else's by now. */
export function freeKey(reign: Reign, request: StartRequest, executionId: string): void {
  const name = startKeyName(request);
  if (name !== null && reign.startKeys.get(name)?.executionId === executionId) reign.startKeys.delete(name);
}

/** The execution whose start is under way, or waits, under this key. */
export function holderOf(reign: Reign, request: StartRequest): string | undefined {
  return reign.startKeys.get(startKeyName(request) ?? "")?.executionId;
}

/** Another execution has begun under its key. */
export async function isKeyTaken(reign: Reign, request: StartRequest, executionId: string): Promise<boolean> {
  if (request.key === undefined) return false;
  const { orgId, workflowId, envId } = request;
  const rows = await reign.deps.store.findStartKeys([{ orgId, workflowId, envId, key: request.key.key }]);
  const nowMs = reign.deps.clock.now();
  return rows.some((row) => row.executionId !== executionId && row.expiresAtMs > nowMs);
}
