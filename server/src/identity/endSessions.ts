// Ends the sessions of members at once, when something has gone wrong: of everybody in the organization, or of one.
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { deleteSessions } from "./store.ts";
import { listMemberRows } from "./tenantStore.ts";

const MEMBERS_AT_ONCE = 500;

export type Ended = { sessions: number; people: number };

export async function endSessionsOf(
  deps: Deps,
  orgId: string,
  /** `except`: this session stays, it is the one that asks. */
  which: { userId?: string; except?: string | null },
): Promise<Ended> {
  const people = which.userId === undefined ? await memberIds(deps, orgId) : [which.userId];
  let sessions = 0;
  for (const userId of people)
    sessions += await deleteSessions(deps.identity.pool, { userId, except: which.except ?? null });
  deps.identity.sessions.forget();
  return { sessions, people: people.length };
}

/** Id of a member, by id or by address. */
export async function findMember(deps: Deps, orgId: string, wanted: string): Promise<string | undefined> {
  for await (const row of members(deps, orgId))
    if (row.userId === wanted || row.email?.toLowerCase() === wanted.toLowerCase()) return row.userId;
  return undefined;
}

async function memberIds(deps: Deps, orgId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { userId } of members(deps, orgId)) ids.push(userId);
  return ids;
}

async function* members(deps: Deps, orgId: string) {
  for (let after: string | null = null; ; ) {
    const rows: Awaited<ReturnType<typeof listMemberRows>> = await withTenant(deps.api, orgId, (tx) =>
      listMemberRows(tx, { orgId, search: null, after, limit: MEMBERS_AT_ONCE }),
    );
    yield* rows;
    if (rows.length < MEMBERS_AT_ONCE) return;
    after = rows.at(-1)?.userId ?? null;
  }
}
