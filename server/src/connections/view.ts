// Connections as the API shows them.
import type { Connection, ConnectionType } from "@auraos/contract";
import { configSchema } from "@auraos/nodes";
import type { CredentialType } from "@auraos/nodes/credentials/defineCredential.ts";
import type { ConnectionRow } from "./store.ts";

export function connectionView(row: ConnectionRow, nowMs: number): Connection {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    description: row.description,
    values: row.public,
    secrets: row.marks,
    hosts: row.hosts,
    roles: row.roles,
    health: healthOf(row, nowMs),
    testedAt: row.testedAt?.toISOString() ?? null,
    testFailure: row.testFailure,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function healthOf(row: ConnectionRow, nowMs: number): Connection["health"] {
  const isAwaited = row.type === "oauth2.code" && row.tokens === null;
  if (row.reconnectSince !== null || isAwaited) return "reconnect";
  if (row.expiresAt !== null && row.expiresAt.getTime() <= nowMs) return "expired";
  if (row.testFailure !== null) return "failing";
  return row.testedAt === null ? "untested" : "good";
}

export function connectionTypeView(type: CredentialType): ConnectionType {
  return {
    type: type.type,
    name: type.name,
    description: type.description,
    icon: type.icon,
    schema: configSchema(type.schema),
    secretFields: [...type.secretFields],
    hosts: type.hosts,
    ...(type.oauth === undefined ? {} : { oauth: type.oauth }),
    testable: type.test !== undefined,
  };
}
