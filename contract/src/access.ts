// What a caller may do, one word per right. Every route declares its action; keys hold a set of them.
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
  "nodeType.read",
  "blob.read",
  "blob.write",
  "stats.read",
  "metrics.read",
  "live.read",
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
] as const;
export type OpenAction = (typeof openActions)[number];

export function isOpen(action: Action | OpenAction): action is OpenAction {
  return (openActions as readonly string[]).includes(action);
}
