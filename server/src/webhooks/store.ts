// SQL of webhook addresses.
import type { Pool, Transaction } from "../platform/db.ts";
import type { HookOptions } from "./hookOptions.ts";
import type { HookOwner, HookRegistration } from "./registerHooks.ts";

export type HookRow = {
  path: string;
  method: string;
  orgId: string;
  envId: string;
  workflowId: string;
  workflowName: string;
  versionId: string;
  node: string;
  respond: "immediately" | "whenDone";
  waitSeconds: number | null;
  options: HookOptions;
};

export async function deleteHooks(tx: Transaction, orgId: string, workflowId: string): Promise<void> {
  await tx.query("DELETE FROM webhooks WHERE org_id = $1 AND workflow_id = $2", [orgId, workflowId]);
}

export async function insertHooks(
  tx: Transaction,
  owner: HookOwner,
  hooks: readonly HookRegistration[],
): Promise<void> {
  const rows = hooks.flatMap((hook) => hook.methods.map((method) => ({ ...hook, method })));
  await tx.query(
    `INSERT INTO webhooks (path, method, org_id, env_id, workflow_id, version_id, node_key, respond, wait_seconds,
       options)
     SELECT h.path, h.method, $1, $2, $3, $4, h.node, h.respond, h.wait, h.options
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::text[])
       AS h (path, method, node, respond, wait, options)`,
    [
      owner.orgId,
      owner.envId,
      owner.workflowId,
      owner.versionId,
      rows.map(({ path }) => path),
      rows.map(({ method }) => method),
      rows.map(({ node }) => node),
      rows.map(({ respond }) => respond),
      rows.map(({ waitSeconds }) => waitSeconds ?? null),
      rows.map(({ options }) => options ?? null),
    ],
  );
}

/** Name of the workflow that has the address; undefined when it is another organization's. */
export async function findHookOwner(
  tx: Transaction,
  orgId: string,
  path: string,
  methods: readonly string[],
): Promise<string | undefined> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT w.name FROM webhooks h JOIN workflows w ON w.id = h.workflow_id
     WHERE h.org_id = $1 AND h.path = $2 AND h.method = ANY($3::text[]) LIMIT 1`,
    [orgId, path, methods],
  );
  return rows[0]?.name;
}

/** Of one workflow, or of all. */
export async function listHooks(journal: Pool, workflowId: string | null): Promise<HookRow[]> {
  const { rows } = await journal.query<Omit<HookRow, "options"> & { options: string | null }>(
    `SELECT h.path, h.method, h.org_id AS "orgId", h.env_id AS "envId", h.workflow_id AS "workflowId",
       w.name AS "workflowName", h.version_id AS "versionId", h.node_key AS node, h.respond,
       h.wait_seconds AS "waitSeconds", h.options
     FROM webhooks h JOIN workflows w ON w.id = h.workflow_id
     WHERE $1::uuid IS NULL OR h.workflow_id = $1`,
    [workflowId],
  );
  return rows.map(({ options, ...row }) => ({
    ...row,
    options: options === null ? {} : JSON.parse(options),
  }));
}
