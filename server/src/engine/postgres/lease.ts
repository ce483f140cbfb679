// Who may write: one row, on the database's clock, so that hosts with wrong clocks agree.
//
// `acquire` needs the row's lock, which every flush shares until it has committed: when it returns, no flush of an
// older epoch is under way any more and none can follow (S4). clock_timestamp(), not now(): after waiting for the
// lock the conditions are judged by the time then.
import type { Holder } from "../store.ts";
import type { Lane } from "./lane.ts";

export type Acquired = { epoch: number; timelineChanged: boolean };

export async function acquireLease(
  lane: Lane,
  holder: Holder,
  options: { leaseMs: number; insteadOf?: string | undefined; isOurs?: boolean },
): Promise<Acquired | null> {
  const { rows } = await lane.run({
    name: "lease-acquire",
    text: `WITH old AS (SELECT timeline FROM engine_lease WHERE id = 1),
      server AS (SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline)
      UPDATE engine_lease l SET epoch = l.epoch + 1, holder_id = $1, host = $2, pid = $3, address = $4,
        acquired_at = clock_timestamp(), expires_at = clock_timestamp() + $5::float8 * interval '1 millisecond',
        timeline = server.timeline
      FROM old, server
      WHERE l.id = 1 AND (l.holder_id = $1 OR NOT $7::boolean
        AND (l.holder_id IS NULL OR l.expires_at <= clock_timestamp() OR l.holder_id = $6))
      RETURNING l.epoch, old.timeline IS NOT NULL AND old.timeline <> server.timeline AS "timelineChanged"`,
    values: [
      holder.id,
      holder.host,
      holder.pid,
      holder.address,
      options.leaseMs,
      options.insteadOf ?? null,
      options.isOurs === true,
    ],
  });
  return (rows[0] as Acquired | undefined) ?? null;
}

/** A lease that ran out is renewed all the same while nobody has taken it: only the epoch says who was deposed. */
export async function renewLease(lane: Lane, epoch: number, leaseMs: number): Promise<boolean> {
  const { rowCount } = await lane.run({
    name: "lease-renew",
    text: `UPDATE engine_lease SET expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
      WHERE id = 1 AND epoch = $1 AND holder_id IS NOT NULL`,
    values: [epoch, leaseMs],
  });
  return rowCount === 1;
}

export async function releaseLease(lane: Lane, epoch: number): Promise<void> {
  await lane.run({
    name: "lease-release",
    text: "UPDATE engine_lease SET holder_id = NULL, expires_at = NULL WHERE id = 1 AND epoch = $1",
    values: [epoch],
  });
}

export async function leaseHolder(
  lane: Lane,
): Promise<(Holder & { epoch: number; expiresInMs: number }) | null> {
  const { rows } = await lane.run({
    name: "lease-holder",
    text: `SELECT holder_id AS id, host, pid, address, epoch,
        (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs"
      FROM engine_lease WHERE id = 1 AND holder_id IS NOT NULL`,
    values: [],
  });
  return rows[0] ?? null;
}
