// The permission table: role x resource x action. Server checks, what the web app shows and the matrix test are all made
// from it. What is not in a row is not allowed.
import { type Action, action, actions } from "./access.ts";
import { z } from "./zod.ts";

export const roles = ["owner", "admin", "editor", "operator", "viewer", "auditor"] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

const everybody = roles;
const owners = ["owner"] as const;
const admins = ["owner", "admin"] as const;
const builders = ["owner", "admin", "editor"] as const;
const operators = ["owner", "admin", "editor", "operator"] as const;
const auditors = ["owner", "admin", "auditor"] as const;

const table: Record<Action, readonly Role[]> = {
  "workflow.read": everybody,
  "workflow.write": builders,
  "workflow.publish": builders,
  "workflow.delete": builders,
  "workflow.execute": operators,
  "execution.read": everybody,
  "execution.control": operators,
  "execution.answer": operators,
  "execution.reveal": admins,
  "nodeType.read": everybody,
  "blob.read": everybody,
  "blob.write": operators,
  "stats.read": everybody,
  "metrics.read": ["owner", "admin", "operator", "auditor"],
  "live.read": everybody,
  "table.read": everybody,
  "table.write": operators,
  "table.manage": builders,
  "variable.read": everybody,
  "variable.write": builders,
  "connection.read": everybody,
  "connection.write": builders,
  "connection.use": builders,
  "audit.read": auditors,
  "security.read": auditors,
  "security.manage": admins,
  "protection.read": auditors,
  "protection.write": admins,
  "protection.erase": admins,
  "key.read": auditors,
  "key.write": admins,
  "member.read": everybody,
  "member.write": admins,
  "role.write": admins,
  "organization.read": everybody,
  "organization.write": admins,
  "organization.delete": owners,
  "backup.read": owners,
  "backup.manage": owners,
  "worker.read": ["owner", "admin", "operator", "auditor"],
  "worker.manage": admins,
  "worker.connect": admins,
};

const byRole = new Map<string, ReadonlySet<Action>>(
  roles.map((name) => [name, new Set(actions.filter((one) => table[one].includes(name)))]),
);

/** Rights of a built-in role; undefined for any other word. */
export function actionsOfRole(name: string): ReadonlySet<Action> | undefined {
  return byRole.get(name);
}

/** A name for a role of an organization's own. */
export const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, "2 to 40 small letters, digits and hyphens, a letter first")
  .describe("Built-in role, or one of the organization's own.");

export const roleRow = z
  .object({
    role: z.string(),
    builtIn: z.boolean(),
    description: z.string().optional(),
    actions: z.array(action),
  })
  .meta({ id: "Role", description: "A role and everything it may do." });

export const permissionTable = z
  .object({
    actions: z.array(z.object({ action, resource: z.string(), verb: z.string() })),
    roles: z.array(roleRow),
  })
  .meta({
    id: "PermissionTable",
    description: "Role x resource x action; what is not listed is not allowed.",
  });
export type PermissionTable = z.infer<typeof permissionTable>;

export function builtInPermissions(): PermissionTable {
  return {
    actions: actions.map((one) => {
      const [resource = "", verb = ""] = one.split(".");
      return { action: one, resource, verb };
    }),
    roles: roles.map((name) => ({ role: name, builtIn: true, actions: [...(byRole.get(name) ?? [])] })),
  };
}
