// Who is asking, as every route and action sees it. Made by access/ from a key or a session; nothing else makes one.
import type { Action } from "@auraos/contract";

export type Caller = {
  /** The tenant of this request. */
  orgId: string;
  envId: string;
  /** Who, for the history: `key:owner`, `user:ann@example.com`, `local`. */
  actor: string;
  /** The person behind it: of a session the one who signed in, of a key the one who made it, when that is known. */
  userId: string | null;
  /** Name of the role; `limited` for a key with rights of its own. */
  role: string;
  /** `local` is the command line of the same machine. */
  via: "session" | "key" | "local" | "nobody";
  /** Of the session or key; for the audit log and for ending it. */
  credentialId: string | null;
  actions: ReadonlySet<Action> | "all";
  /** Of a session: when the person last proved who they are. */
  provenAtMs?: number;
};

export const nobody: Caller = {
  orgId: "",
  envId: "",
  actor: "anonymous",
  userId: null,
  role: "nobody",
  via: "nobody",
  credentialId: null,
  actions: new Set(),
};

export function may(caller: Caller, action: Action): boolean {
  return caller.actions === "all" || caller.actions.has(action);
}
