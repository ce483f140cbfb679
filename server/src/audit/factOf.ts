// What of a request goes into the audit log: that it was done or refused, by whom, to what. Never a value: fields by their
// names only, so that no secret and no personal data gets where nothing can be removed.
import type { Endpoint } from "@auraos/contract";
import { isObject } from "@auraos/kernel";
import type { Caller } from "../platform/caller.ts";
import type { AuditFact } from "./createAudit.ts";

/** These happen thousands of times a second and have a history of their own: executions, events, workers' reports. */
const OWN_HISTORY = new Set(["workflow.execute", "event.publish", "worker.connect"]);

export type Seen = {
  endpoint: Endpoint;
  caller: Caller;
  params: Readonly<Record<string, string>>;
  body: unknown;
  requestId: string;
} & ({ outcome: "done"; reply: unknown } | { outcome: "denied"; code: string });

export function isChange({ method, action }: Endpoint): boolean {
  return method !== "get" && !OWN_HISTORY.has(action);
}

export function factOf(seen: Seen): AuditFact | undefined {
  const { endpoint, caller, params, body, requestId, outcome } = seen;
  if (caller.orgId === "" || (outcome === "done" && !isChange(endpoint))) return undefined;
  const reply = outcome === "done" && isObject(seen.reply) ? seen.reply : {};
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 255) : null);
  return {
    orgId: caller.orgId,
    actor: caller.actor,
    via: caller.via,
    role: caller.role,
    action: endpoint.action,
    what: `${endpoint.method.toUpperCase()} ${endpoint.path}`,
    object: text(params.id ?? reply.id),
    // What is deleted is named by its address alone.
    name: text(reply.name ?? params.name),
    fields:
      endpoint.body?.kind !== "bytes" && isObject(body)
        ? Object.keys(body)
            .slice(0, 50)
            .map((name) => name.slice(0, 100))
        : [],
    outcome,
    code: outcome === "denied" ? seen.code : null,
    requestId,
  };
}
