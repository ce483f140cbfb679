// Endpoints of rights: the permission table and API keys.
import * as k from "./accessKeys.ts";
import { flag, pageQuery, searchQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { permissionTable } from "./permissions.ts";
import { z } from "./zod.ts";

const tag = "Access";

export const accessEndpoints = {
  getPermissions: endpoint({
    method: "get",
    path: "/api/v1/permissions",
    action: "organization.read",
    tag,
    summary: "Which role may do what",
    description: "The table that every request is checked against, the organization's own roles included.",
    reply: permissionTable,
  }),
  listApiKeys: endpoint({
    method: "get",
    path: "/api/v1/api-keys",
    action: "key.read",
    tag,
    summary: "List API keys, newest first",
    query: z.object({
      ...pageQuery,
      ...searchQuery,
      revoked: flag.optional().describe("1 = revoked ones too."),
    }),
    reply: k.apiKeyPage,
  }),
  createApiKey: endpoint({
    method: "post",
    path: "/api/v1/api-keys",
    action: "key.write",
    tag,
    summary: "Make an API key",
    description: "The key is in this answer and nowhere else. It can have no right that its maker lacks.",
    body: { kind: "json", schema: k.apiKeyBody },
    reply: k.apiKeyMade,
    status: 201,
    also: { 403: "The key would have more rights than you.", 422: "There is no such role." },
  }),
  revokeApiKey: endpoint({
    method: "delete",
    path: "/api/v1/api-keys/:id",
    action: "key.write",
    tag,
    summary: "Revoke an API key",
    description: "It ends at once on this server, and within ten seconds on others of the installation.",
    params: z.object({ id: z.uuid() }),
    status: 204,
  }),
};
