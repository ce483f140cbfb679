// Making and revoking API keys. Nobody makes a key that may do more than they may themselves.
import { type Action, type ApiKey, actions, type apiKeyBody, type z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Caller, may } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { keyHash, newKey } from "./keys.ts";
import { rightsOf, roleOfScopes } from "./scopes.ts";
import { insertKey, type KeyRow, revokeKey } from "./store.ts";

type OwnRoles = ReadonlyMap<string, ReadonlySet<Action>>;

export async function createKey(
  deps: Deps,
  caller: Caller,
  body: z.output<typeof apiKeyBody>,
): Promise<ApiKey & { key: string }> {
  const scopes = body.role === undefined ? (body.actions ?? []) : [`role:${body.role}`];
  const ownRoles: OwnRoles = new Map();
  const rights = rightsOf(scopes, ownRoles);
  if (rights.actions !== "all" && rights.actions.size === 0)
    throw refuse(
      422,
      "ROLE_UNKNOWN",
      `There is no role ${body.role}.`,
      "GET /api/v1/permissions lists them.",
    );
  refuseMore(caller, rights.actions);
  const key = newKey();
  const row = await withTenant(deps.api, caller.orgId, (tx) =>
    insertKey(tx, {
      id: deps.newId(),
      orgId: caller.orgId,
      name: body.name,
      sha256: keyHash(key),
      hint: `...${key.slice(-4)}`,
      scopes,
      createdBy: caller.userId,
      expiresInDays: body.expiresInDays ?? null,
    }),
  );
  return { ...keyView(row, ownRoles), key };
}

export async function endKey(deps: Deps, caller: Caller, id: string): Promise<void> {
  const sum = await withTenant(deps.api, caller.orgId, (tx) => revokeKey(tx, caller.orgId, id));
  if (sum === undefined) throw notFound("key with this id that is still good");
  deps.keys.forget(sum);
}

/** 403 when somebody would give away a right that they lack. */
export function refuseMore(caller: Caller, given: ReadonlySet<Action> | "all"): void {
  const missing = [...(given === "all" ? actions : given)].filter((one) => !may(caller, one));
  if (missing.length === 0) return;
  throw refuse(
    403,
    "RIGHTS_EXCEEDED",
    `That would give rights you do not have: ${missing.slice(0, 5).join(", ")}.`,
    "Choose a smaller role, or ask somebody who has them.",
  );
}

export function keyView(row: KeyRow, ownRoles: OwnRoles): ApiKey {
  const rights = rightsOf(row.scopes, ownRoles);
  const role = roleOfScopes(row.scopes);
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    ...(role === undefined ? {} : { role }),
    actions: rights.actions === "all" ? [...actions] : [...rights.actions],
    createdAt: row.createdAt.toISOString(),
    ...(row.createdBy === null ? {} : { createdBy: row.createdBy }),
    ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt.toISOString() }),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: row.lastUsedAt.toISOString() }),
    ...(row.revokedAt === null ? {} : { revokedAt: row.revokedAt.toISOString() }),
  };
}
