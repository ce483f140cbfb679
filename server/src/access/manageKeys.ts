// Making and revoking API keys. Nobody makes a key that may do more than they may themselves.
import { type ApiKey, actions, type apiKeyBody, type z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { keyHash, newKey } from "./keys.ts";
import { type OwnRoles, ownRolesOf, refuseMore } from "./ownRoles.ts";
import { rightsOf, roleOfScopes } from "./scopes.ts";
import { insertKey, type KeyRow, revokeKey } from "./store.ts";

export async function createKey(
  deps: Deps,
  caller: Caller,
  body: z.output<typeof apiKeyBody>,
): Promise<ApiKey & { key: string }> {
  const scopes = body.role === undefined ? (body.actions ?? []) : [`role:${body.role}`];
  const ownRoles = await withTenant(deps.api, caller.orgId, (tx) => ownRolesOf(tx, caller.orgId));
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
