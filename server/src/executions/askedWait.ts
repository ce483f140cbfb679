// What somebody who has the address of a wait is asked, for the page at that address. An action file.
import type { Deps } from "../deps.ts";
import { projectionOf } from "./projections.ts";
import { findOrganization } from "./store.ts";

export type AskedWait = {
  kind: "approval" | "webhook";
  title?: string;
  message?: string;
  /** More is to be filled in than yes or no. */
  hasForm: boolean;
};

/** Undefined: answered, timed out, or its execution has ended. */
export async function findAskedWait(
  deps: Deps,
  { executionId, wait }: { executionId: string; wait: string },
): Promise<AskedWait | undefined> {
  const orgId = await findOrganization(deps.journal, executionId);
  if (orgId === undefined) return undefined;
  const found = await projectionOf(deps, { orgId }, executionId).catch((error: unknown) => {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  });
  if (!found || !["running", "waiting"].includes(found.row.status)) return undefined;
  const open = found.projection.state.waits[wait];
  if (open?.kind !== "approval" && open?.kind !== "webhook") return undefined;
  const { kind, title, message, form } = open;
  return {
    kind,
    ...(title === undefined ? {} : { title }),
    ...(message === undefined ? {} : { message }),
    hasForm: form !== undefined && form !== null,
  };
}
