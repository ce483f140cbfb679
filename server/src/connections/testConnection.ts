// Tries a connection out. How it ended is kept with it; its own secrets are taken out of what the service said.
import type { ConnectionTested } from "@auraos/contract";
import { NodeError } from "@auraos/kernel";
import { findCredentialType } from "@auraos/nodes/credentials/credentialTypes.ts";
import type { TestFound } from "@auraos/nodes/credentials/defineCredential.ts";
import { useOf } from "@auraos/nodes/credentials/useOf.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { type Said, say } from "../platform/say.ts";
import { createRedactor, textsIn } from "./redact.ts";
import { noConnection } from "./saveConnection.ts";
import { noteTest } from "./store.ts";

const WITHIN_MS = 30_000;

type Found = Omit<ConnectionTested, "testedAt">;

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
      found = good(saidOf(await test(credential, tools)));
    } else {
      const values = type.oauth
        ? { ...opened.values, accessToken: await deps.connections.tokens.accessTokenOf(orgId, opened) }
        : opened.values;
      found =
        type.oauth && testUrl === undefined
          ? good(say("connection.tested.token", {}))
          : good(saidOf(await test({ type: row.type, values }, tools)));
    }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { message, remedy } = createRedactor(textsIn(secret))(error.failure);
    const { code } = error.failure;
    found = { ok: false, code, message, messageParts: null, ...(remedy === undefined ? {} : { remedy }) };
  }
  const key = { id, orgId };
  const testedAt = await withTenant(deps.api, orgId, (tx) =>
    noteTest(tx, key, found.ok ? null : found.message.slice(0, 500)),
  );
  return { ...found, testedAt: testedAt.toISOString() };
}

function good({ text, parts }: Said): Found {
  return { ok: true, message: text, messageParts: parts };
}

function saidOf(found: TestFound): Said {
  switch (found.what) {
    case "answered":
      return say("connection.tested.answered", { host: found.host });
    case "answeredWith":
      return say("connection.tested.answeredWith", { host: found.host, status: found.status });
    case "tookKey":
      return say("connection.tested.tookKey", { host: found.host });
    case "tookPassword":
      return say("connection.tested.tookPassword", { host: found.host });
    case "letIn":
      return say("connection.tested.letIn", { service: found.service, user: found.user });
  }
}
