// A caller of a webhook who did not prove who it is stands in the audit log of the organization whose webhook it is: once per
// address and path at once, and what follows within a minute as one entry with its number, so that nobody can flood it.
import type { Request } from "express";
import type { Deps } from "../deps.ts";
import { nobody } from "../platform/caller.ts";
import { clientKey } from "../platform/clientAddress.ts";
import type { HookRow } from "./store.ts";

export function noteDenied(
  deps: Deps,
  request: Request,
  about: { hook: HookRow; mode: "production" | "test"; code: string; requestId: string },
): void {
  const { hook, mode, code, requestId } = about;
  const address = deps.identity.clientOf(request);
  // The address of a test is a secret, and good for one request.
  const path = mode === "test" ? "/hooks/test" : hook.path;
  const { actor, via, role } = nobody;
  deps.audit.noteRepeated(`${clientKey(address)} ${code} ${hook.workflowId} ${path}`, {
    ...{ orgIds: [hook.orgId], kind: "denial", outcome: "denied", code, requestId },
    ...{ actor, userId: null, via, role, address: address || null },
    ...{ action: "hook.receive", what: `${request.method} ${path}` },
    ...{ object: hook.workflowId, name: hook.workflowName, fields: [], changes: null },
  });
}
