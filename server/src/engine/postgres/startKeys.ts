// Which execution a start key names. Also those that have expired: what that means is judged by the engine's clock.
import type { Pool } from "../../platform/db.ts";
import type { StartKeyRow } from "../store.ts";
import { texts, uuids } from "./encode.ts";

export type StartKey = Pick<StartKeyRow, "orgId" | "workflowId" | "envId" | "key">;

export async function findStartKeys(pool: Pool, keys: readonly StartKey[]): Promise<StartKeyRow[]> {
  const { rows } = await pool.query<Omit<StartKeyRow, keyof StartKey> & { number: number }>({
    name: "find-start-keys",
    text: `SELECT x.number, k.execution_id AS "executionId", k.request_hash AS "requestHash",
        (extract(epoch FROM k.expires_at) * 1000)::float8 AS "expiresAtMs"
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) WITH ORDINALITY AS x (org, workflow, env, key, number)
      JOIN start_keys k ON k.org_id = x.org AND k.workflow_id = x.workflow AND k.env_id = x.env AND k.key = x.key`,
    values: [
      uuids(keys.map((key) => key.orgId)),
      uuids(keys.map((key) => key.workflowId)),
      uuids(keys.map((key) => key.envId)),
      texts(keys.map((key) => key.key)),
    ],
  });
  // The key as it was asked for: what is stored may have been cleaned.
  return rows.map(({ number, ...row }) => ({ ...(keys[number - 1] as StartKey), ...row }));
}
