// What executions carried, read from the database of a data folder by whoever judges a run from outside.
import { openBody, openText, placeOf } from "../engine/postgres/sealed.ts";
import { createPayloadCipher } from "../vault/payloadCipher.ts";
import { readRootKeys } from "../vault/rootKeys.ts";

type Queries = { query(text: string): Promise<{ rows: unknown[] }> };

export type OpenedTurn = { id: string; seq: number; atMs: number; body: string };
export type OpenedExecution = {
  id: string;
  workflow: string;
  status: string;
  input: string | null;
  output: string | null;
};

export function openedBodies(database: Queries, dataDir: string) {
  const cipher = createPayloadCipher({
    pool: database as Parameters<typeof createPayloadCipher>[0]["pool"],
    roots: readRootKeys(dataDir, undefined),
    newId: () => "",
    nowMs: Date.now,
    isOn: false,
  });
  return { turns, executions };

  /** `where`: a condition on the table turns. */
  async function turns(where = "true"): Promise<OpenedTurn[]> {
    type Row = Omit<OpenedTurn, "body"> & { orgId: string; keyId: string | null; body: Buffer };
    const { rows } = await database.query(
      `SELECT execution_id AS id, org_id AS "orgId", seq, (extract(epoch FROM at) * 1000)::float8 AS "atMs", body,
         key_id AS "keyId" FROM turns WHERE ${where} ORDER BY execution_id, seq`,
    );
    const opened: OpenedTurn[] = [];
    for (const { orgId, keyId, ...row } of rows as Row[]) {
      const body = await openBody(cipher, orgId, placeOf.turn(row.id, row.seq), { body: row.body, keyId });
      opened.push({ ...row, body: Buffer.from(body).toString("utf8") });
    }
    return opened;
  }

  async function executions(): Promise<OpenedExecution[]> {
    const { rows } = await database.query(
      `SELECT e.id, e.org_id AS "orgId", w.name AS workflow, e.status, e.output_data AS output, e.input_data AS input
       FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id
       ORDER BY e.id`,
    );
    const opened: OpenedExecution[] = [];
    for (const { orgId, ...row } of rows as (OpenedExecution & { orgId: string })[]) {
      const text = (place: string, one: string | null) =>
        one === null ? null : openText(cipher, orgId, place, one);
      opened.push({
        ...row,
        input: await text(placeOf.input(row.id), row.input),
        output: await text(placeOf.output(row.id), row.output),
      });
    }
    return opened;
  }
}
