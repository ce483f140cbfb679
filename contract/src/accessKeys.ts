// API keys as they are seen from outside. The key itself appears once, in the answer that made it.
import { action } from "./access.ts";
import { id, instant, page } from "./common.ts";
import { roleName } from "./permissions.ts";
import { z } from "./zod.ts";

export const apiKey = z
  .object({
    id,
    name: z.string(),
    hint: z.string().describe("The last characters, to recognise it by."),
    role: z.string().optional().describe("The role whose rights it has; absent = the listed actions."),
    actions: z.array(action).describe("Everything it may do now."),
    createdAt: instant,
    createdBy: id.optional(),
    expiresAt: instant.optional(),
    lastUsedAt: instant.optional().describe("To the minute."),
    revokedAt: instant.optional(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof apiKey>;

export const apiKeyPage = page(apiKey);

export const apiKeyMade = z
  .object({ ...apiKey.shape, key: z.string().describe("Shown this once; nobody can read it again.") })
  .meta({ id: "ApiKeyMade" });

export const apiKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    role: roleName.optional(),
    actions: z.array(action).min(1).optional().describe("Instead of a role: exactly these."),
    expiresInDays: z.int().min(1).max(3650).optional().describe("Absent = it does not expire."),
  })
  .refine((body) => (body.role === undefined) !== (body.actions === undefined), {
    message: "give one of role and actions",
    path: ["role"],
  })
  .meta({ id: "ApiKeyBody" });
