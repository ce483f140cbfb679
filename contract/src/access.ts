// What a caller may do, one word `resource.verb` per right. Every route declares its action; permissions.ts says which
// role has which. A word that stands here without a row there does not compile.
import { z } from "./zod.ts";

export const actions = [
  "workflow.read",
  "workflow.write",
  "workflow.publish",
  "workflow.delete",
  "workflow.execute",
  "execution.read",
  "execution.control",
  "execution.answer",
  /** See what redaction rules hide; recorded each time. */
  "execution.reveal",
  "nodeType.read",
  "blob.read",
  "blob.write",
  "stats.read",
  "metrics.read",
  "live.read",
  "table.read",
  /** Rows; `manage` is the tables themselves. */
  "table.write",
  "table.manage",
  "variable.read",
  "variable.write",
  /** See that a connection exists; nobody reads its secret. */
  "connection.read",
  "connection.write",
  /** Let a workflow use a connection. */
  "connection.use",
  "audit.read",
  /** Incidents, findings, the security check; `manage` freezes and revokes. */
  "security.read",
  "security.manage",
  /** Retention, holds, redaction rules, the data map. */
  "protection.read",
  "protection.write",
  /** Find, export and erase a person. */
  "protection.erase",
  "key.read",
  "key.write",
  "member.read",
  "member.write",
  "role.write",
  "organization.read",
  "organization.write",
  "organization.delete",
  /** Of the whole server: the owners of the organization that runs it. */
  "backup.read",
  "backup.manage",
  "worker.read",
  "worker.manage",
  /** Be a worker: run activities of the organization. */
  "worker.connect",
] as const;

export const action = z.enum(actions);
export type Action = z.infer<typeof action>;

/** Open to everybody: each says why. */
export const openActions = [
  /** Load balancers ask; says nothing about the data. */
  "health.read",
  /** Webhooks and resume addresses have rules of their own. */
  "hook.receive",
  /** The document describes the product, not an installation. */
  "docs.read",
  /** Before there is a caller: first set-up and invitations, each with a one-time token of its own. */
  "account.begin",
] as const;
export type OpenAction = (typeof openActions)[number];

/** About the caller itself, whatever its role: who am I, my password, my organizations. */
export const personalActions = [
  /** Keys may ask too. */
  "account.read",
  /** People only, with a session. */
  "account.write",
] as const;
export type PersonalAction = (typeof personalActions)[number];

export type AnyAction = Action | OpenAction | PersonalAction;

export function isOpen(action: AnyAction): action is OpenAction {
  return (openActions as readonly string[]).includes(action);
}

export function isPersonal(action: AnyAction): action is PersonalAction {
  return (personalActions as readonly string[]).includes(action);
}

/** Whatever is not one of the words above is no right at all. */
export function isKnownAction(action: string): action is AnyAction {
  return [...actions, ...openActions, ...personalActions].some((known) => known === action);
}
