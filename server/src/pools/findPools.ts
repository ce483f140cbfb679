// What tasks ask of pools: whether they are there, and how many places they have. An action file.
import type { Transaction } from "../platform/db.ts";

export async function missingPools(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await tx.query<{ name: string }>(
    "SELECT name FROM pools WHERE org_id = $1 AND name = ANY($2)",
    [orgId, names],
  );
  const known = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}

/** The narrowest of them; undefined = none of them has a limit. */
export async function slotsOf(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<number | undefined> {
  const { rows } = await tx.query<{ slots: number | null }>(
    "SELECT min(slots) AS slots FROM pools WHERE org_id = $1 AND name = ANY($2)",
    [orgId, names],
  );
  return rows[0]?.slots ?? undefined;
}
