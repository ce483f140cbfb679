// What the words of a key mean: `*` is everything, `role:NAME` what that role may do now, anything else one action.
// Unknown words give nothing.
import { type Action, action, actionsOfRole } from "@auraos/contract";

export type Rights = { role: string; actions: ReadonlySet<Action> | "all" };

/** `ownRoles` are those the organization made itself. */
export function rightsOf(
  scopes: readonly string[],
  ownRoles: ReadonlyMap<string, ReadonlySet<Action>> = new Map(),
): Rights {
  if (scopes.includes("*")) return { role: "owner", actions: "all" };
  const name = roleOfScopes(scopes);
  if (name !== undefined)
    return { role: name, actions: actionsOfRole(name) ?? ownRoles.get(name) ?? new Set() };
  return {
    role: "limited",
    actions: new Set(scopes.filter((scope): scope is Action => action.safeParse(scope).success)),
  };
}

export function roleOfScopes(scopes: readonly string[]): string | undefined {
  return scopes.includes("*") ? "owner" : scopes.find((scope) => scope.startsWith("role:"))?.slice(5);
}
