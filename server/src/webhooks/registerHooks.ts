// The webhook addresses of a definition, and their registration: part of the transaction that publishes.
import type { JsonObject, WorkflowDefinition } from "@auraos/kernel";
import { sqlState, type Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { hookOptionsOf } from "./hookOptions.ts";
import { deleteHooks, findHookOwner, insertHooks } from "./store.ts";

export type HookAddress = {
  node: string;
  /** `/hooks/orders/new`. */
  path: string;
  methods: string[];
  respond: "immediately" | "whenDone";
  waitSeconds?: number;
};

/** With what is not for everybody who may read a workflow: secrets. JSON; absent = nothing special. */
export type HookRegistration = HookAddress & { options?: string };

type Config = {
  path?: string;
  methods?: string[];
  respond?: "immediately" | "whenDone";
  waitSeconds?: number;
};

export function hooksOf(definition: WorkflowDefinition): HookAddress[] {
  return registrationsOf(definition).map(({ options: _, ...address }) => address);
}

export function registrationsOf(definition: WorkflowDefinition): HookRegistration[] {
  return [...webhooksOf(definition), ...formsOf(definition)];
}

function formsOf(definition: WorkflowDefinition): HookRegistration[] {
  return definition.nodes
    .filter((node) => node.type === "trigger.form" && node.disabled !== true)
    .map((node) => {
      const { path, ...form } = (node.config ?? {}) as JsonObject;
      return {
        ...{ node: node.id, path: `/forms/${String(path ?? "")}`, methods: ["GET", "POST"] },
        ...{ respond: "immediately", options: JSON.stringify({ form }) },
      };
    });
}

function webhooksOf(definition: WorkflowDefinition): HookRegistration[] {
  return definition.nodes
    .filter((node) => node.type === "trigger.webhook" && node.disabled !== true)
    .map((node) => {
      const config = (node.config ?? {}) as Config;
      const options = hookOptionsOf((node.config ?? {}) as JsonObject);
      return {
        node: node.id,
        path: `/hooks/${config.path ?? ""}`,
        methods: config.methods ?? ["POST"],
        respond: config.respond ?? "whenDone",
        ...(config.waitSeconds === undefined ? {} : { waitSeconds: config.waitSeconds }),
        ...(options === undefined ? {} : { options }),
      };
    });
}

export type HookOwner = { orgId: string; envId: string; workflowId: string; versionId: string };

export async function registerHooks(
  tx: Transaction,
  owner: HookOwner,
  hooks: readonly HookRegistration[],
): Promise<void> {
  await deleteHooks(tx, owner.orgId, owner.workflowId);
  const seen = new Set<string>();
  for (const hook of hooks) {
    if (/^\/(hooks\/(resume|test)|forms\/(run|test))(\/|$)/.test(hook.path))
      throw taken(hook.path, "AuraOS itself (addresses of executions and tests)");
    for (const method of hook.methods) {
      const key = `${method} ${hook.path}`;
      if (seen.has(key)) throw taken(hook.path, "another trigger of this workflow");
      seen.add(key);
    }
  }
  if (hooks.length === 0) return;
  await tx.query("SAVEPOINT hooks");
  try {
    await insertHooks(tx, owner, hooks);
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    await tx.query("ROLLBACK TO SAVEPOINT hooks");
    for (const hook of hooks) {
      const name = await findHookOwner(tx, owner.orgId, hook.path, hook.methods);
      if (name !== undefined) throw taken(hook.path, `the workflow "${name}"`);
    }
    throw taken(hooks[0]?.path ?? "", "another workflow");
  }
}

function taken(path: string, owner: string) {
  return refuse(
    409,
    "WEBHOOK_PATH_TAKEN",
    `The address ${path} belongs to ${owner}.`,
    "Choose another path.",
  );
}
