// Tries a connection out. What it found is kept with it; its own secrets are taken out of what the service said.
import type { ConnectionTested } from "@auraos/contract";
import { NodeError } from "@auraos/kernel";
import { findCredentialType } from "@auraos/nodes/credentials/credentialTypes.ts";
import { useOf } from "@auraos/nodes/credentials/useOf.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { createRedactor, textsIn } from "./redact.ts";
import { noConnection } from "./saveConnection.ts";
import { noteTest } from "./store.ts";

const WITHIN_MS = 30_000;

type Found = { message: string; code?: string; remedy?: string; ok: boolean };

export async function testConnection(deps: Deps, caller: Caller, id: string): Promise<ConnectionTested> {
  const { orgId } = caller;
  const opened = await deps.connections.openById(orgId, id);
  if (!opened) throw noConnection();
  const { row, secret } = opened;
  const type = findCredentialType(row.type);
  const { test } = type ?? {};
  if (!type || !test)
    throw refuse(409, "NOT_TESTABLE", `The kind ${row.type} cannot be tried out.`, "Use it in a workflow.");
  const http = deps.reach.http("");
  const tools = {
    http,
    addressOf: (host: string, port: number) => deps.reach.addressOf("", host, port),
    signal: AbortSignal.timeout(WITHIN_MS),
  };
  let found: Found;
  try {
    const { testUrl } = opened.values as { testUrl?: unknown };
    if (type.hosts === "listed" && typeof testUrl === "string") {
      // The same wall as for workflows.
      const credential = await deps.connections.open(orgId, row.name, useOf(testUrl));
      found = { ok: true, message: await test(credential, tools) };
    } else {
      const values = type.oauth
        ? { ...opened.values, accessToken: await deps.connections.tokens.accessTokenOf(orgId, opened) }
        : opened.values;
      found =
        type.oauth && testUrl === undefined
          ? { ok: true, message: "The service gave an access token." }
          : { ok: true, message: await test({ type: row.type, values }, tools) };
    }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { message, remedy } = createRedactor(textsIn(secret))(error.failure);
    found = { ok: false, code: error.failure.code, message, ...(remedy === undefined ? {} : { remedy }) };
  }
  const key = { id, orgId };
  const testedAt = await withTenant(deps.api, orgId, (tx) =>
    noteTest(tx, key, found.ok ? null : found.message.slice(0, 500)),
  );
  return { ...found, testedAt: testedAt.toISOString() };
}
