// How well the accounts of members are protected, and which of their sessions are old; for the security check.
import type { Deps } from "../deps.ts";
import { listMighty, listOldSessions } from "./memberSecurityStore.ts";

export type MemberSecurity = {
  /** Owners and admins, owners first. */
  mighty: { userId: string; name: string; role: string; hasSecondFactor: boolean }[];
  /** Who has been signed in for so many days and more. */
  oldSessions: { userId: string; name: string; days: number }[];
};

const DAY_MS = 86_400_000;
/** As many as a person can do something about. */
const SHOWN_MAX = 500;

export async function memberSecurity(
  deps: Pick<Deps, "identity" | "nowMs">,
  orgId: string,
  sessionDays: number,
): Promise<MemberSecurity> {
  const { pool } = deps.identity;
  const before = new Date(deps.nowMs() - sessionDays * DAY_MS);
  const [mighty, sessions] = await Promise.all([
    listMighty(pool, orgId, SHOWN_MAX),
    listOldSessions(pool, { orgId, before, limit: SHOWN_MAX }),
  ]);
  return {
    mighty: mighty.map((row) => ({ ...row, name: row.name ?? row.userId })),
    oldSessions: sessions.map(({ userId, name, since }) => ({
      ...{ userId, name: name ?? userId },
      days: Math.floor((deps.nowMs() - since.getTime()) / DAY_MS),
    })),
  };
}
