// The raw limit: rows of the journal, with the same columns and bytes, in multi-row inserts without an engine.
// Two ways: plain, as anybody would write it (`INSERT ... VALUES` with a parameter per value, the driver's own
// encoding), and encoded as the engine's store does it (a binary array per column), the fastest we know. With the
// journal's primary key, in batches, several connections at once, each waiting for its commit (fsync on).

import { newId } from "@auraos/server/engine/postgres/batches.ts";
import { byteas, ints, times, uuids } from "@auraos/server/engine/postgres/encode.ts";
import pg from "pg";

export const ROWS_PER_INSERT = 500;
/** Rows of one execution that follow each other, as in a chain of ten steps. */
const ROWS_PER_EXECUTION = 11;

const INSERT = `INSERT INTO raw_turns (execution_id, seq, org_id, at, body)
  SELECT unnest($1::uuid[]), unnest($2::int4[]), unnest($3::uuid[]), unnest($4::timestamptz[]), unnest($5::bytea[])`;

export type RawShape = {
  bodyBytes: number;
  connections: number;
  ms: number;
  rowsPerInsert?: number;
  isPlain?: boolean;
};
export type RawRows = { rowsPerSecond: number; rows: number };

export async function measureRawRows(url: string, asked: RawShape): Promise<RawRows> {
  const clients = await Promise.all(Array.from({ length: asked.connections }, () => connected(url)));
  const [first] = clients as [pg.Client];
  await first.query(`DROP TABLE IF EXISTS raw_turns;
    CREATE TABLE raw_turns (LIKE turns INCLUDING DEFAULTS, PRIMARY KEY (execution_id, seq)); CHECKPOINT`);
  const body = Buffer.alloc(Math.round(asked.bodyBytes), "x");
  const perInsert = asked.rowsPerInsert ?? ROWS_PER_INSERT;
  const queryOf = asked.isPlain === true ? plainInsert : encodedInsert;
  const insert = (ms: number) => (client: pg.Client) => insertFor(client, ms, perInsert, body, queryOf);
  const warmUpMs = Math.min(1000, asked.ms / 4);
  await Promise.all(clients.map(insert(warmUpMs)));
  const startedAt = performance.now();
  const counts = await Promise.all(clients.map(insert(asked.ms)));
  const seconds = (performance.now() - startedAt) / 1000;
  await first.query("DROP TABLE raw_turns");
  await Promise.all(clients.map((client) => client.end()));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return { rowsPerSecond: rows / seconds, rows };
}

type Columns = { ids: string[]; seqs: number[]; orgs: string[]; at: number[]; bodies: Buffer[] };

async function insertFor(
  client: pg.Client,
  ms: number,
  perInsert: number,
  body: Buffer,
  queryOf: (columns: Columns) => pg.QueryConfig,
): Promise<number> {
  const until = performance.now() + ms;
  const orgs = Array.from({ length: perInsert }, () => ORG);
  const bodies = Array.from({ length: perInsert }, () => body);
  let rows = 0;
  while (performance.now() < until) {
    const ids: string[] = [];
    const seqs: number[] = [];
    while (ids.length < perInsert) {
      const id = newId();
      for (let seq = 1; seq <= ROWS_PER_EXECUTION && ids.length < perInsert; seq += 1) {
        ids.push(id);
        seqs.push(seq);
      }
    }
    const now = Date.now();
    await client.query(queryOf({ ids, seqs, orgs, at: ids.map(() => now), bodies }));
    rows += perInsert;
  }
  return rows;
}

function encodedInsert({ ids, seqs, orgs, at, bodies }: Columns): pg.QueryConfig {
  const values = [uuids(ids), ints(seqs), uuids(orgs), times(at), byteas(bodies)];
  return { name: "raw", text: INSERT, values };
}

function plainInsert({ ids, seqs, orgs, at, bodies }: Columns): pg.QueryConfig {
  const rows = ids.map((_, row) => `(${[1, 2, 3, 4, 5].map((column) => `$${row * 5 + column}`).join(", ")})`);
  const text = `INSERT INTO raw_turns (execution_id, seq, org_id, at, body) VALUES ${rows.join(", ")}`;
  const values = ids.flatMap((id, row) => [id, seqs[row], orgs[row], new Date(at[row] ?? 0), bodies[row]]);
  return { name: `plain-${ids.length}`, text, values };
}

const ORG = newId();

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
