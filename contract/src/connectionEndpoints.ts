// Endpoints of connections.
import { flag, pageQuery, searchQuery } from "./common.ts";
import * as c from "./connection.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Connections";
const params = z.object({ id: z.uuid() });
const invalid = "A value is wrong: `problems` says which and what to do.";

export const connectionEndpoints = {
  listConnectionTypes: endpoint({
    method: "get",
    path: "/api/v1/connection-types",
    action: "connection.read",
    tag,
    summary: "Kinds of connections, with the schemas of their values",
    reply: z.object({ items: z.array(c.connectionType) }),
  }),
  listConnections: endpoint({
    method: "get",
    path: "/api/v1/connections",
    action: "connection.read",
    tag,
    summary: "List connections by name",
    query: z.object({
      ...pageQuery,
      ...searchQuery,
      type: z.string().max(500).optional().describe("Only of these kinds, with commas."),
    }),
    reply: c.connectionPage,
  }),
  createConnection: endpoint({
    method: "post",
    path: "/api/v1/connections",
    action: "connection.write",
    tag,
    summary: "Create a connection",
    description: "Secret values are sealed and never given out again, to nobody.",
    body: { kind: "json", schema: c.connectionBody },
    reply: c.connection,
    status: 201,
    also: { 409: "There is one with this name.", 422: invalid },
  }),
  getConnection: endpoint({
    method: "get",
    path: "/api/v1/connections/:id",
    action: "connection.read",
    tag,
    summary: "A connection, without its secrets",
    params,
    reply: c.connection,
  }),
  updateConnection: endpoint({
    method: "put",
    path: "/api/v1/connections/:id",
    action: "connection.write",
    tag,
    summary: "Change a connection",
    description:
      "Secret values that are left out stay. When what it is bound to changes (hosts, host, addresses), all secret values " +
      "must be given again: otherwise whoever may edit could send a secret elsewhere.",
    params,
    body: { kind: "json", schema: c.connectionChange },
    reply: c.connection,
    also: { 409: "There is another one with this name.", 422: invalid },
  }),
  deleteConnection: endpoint({
    method: "delete",
    path: "/api/v1/connections/:id",
    action: "connection.write",
    tag,
    summary: "Delete a connection",
    params,
    query: z.object({ force: flag.optional().describe("1: also when workflows use it.") }),
    status: 204,
    also: { 409: "Published workflows use it." },
  }),
  testConnection: endpoint({
    method: "post",
    path: "/api/v1/connections/:id/test",
    action: "connection.use",
    tag,
    summary: "Try a connection out; nothing is changed there",
    params,
    reply: c.connectionTested,
  }),
  connectionUses: endpoint({
    method: "get",
    path: "/api/v1/connections/:id/uses",
    action: "connection.read",
    tag,
    summary: "Workflows that use a connection",
    params,
    reply: c.connectionUses,
  }),
  authorizeConnection: endpoint({
    method: "post",
    path: "/api/v1/connections/:id/authorize",
    action: "connection.write",
    tag,
    summary: "Begin to allow an OAuth 2 access (authorization code with PKCE)",
    description: "The service sends the person back to /connections/authorized of this server.",
    params,
    reply: c.connectionAuthorization,
    also: { 409: "This kind of connection needs no person." },
  }),
  finishAuthorization: endpoint({
    method: "post",
    path: "/api/v1/connections/authorized",
    action: "connection.write",
    tag,
    summary: "Finish it with what the service gave",
    body: { kind: "json", schema: c.connectionAuthorized },
    reply: c.connection,
    also: { 422: "The service did not accept the code, or it was begun by somebody else." },
  }),
  rotateVault: endpoint({
    method: "post",
    path: "/api/v1/vault/rotate",
    action: "organization.write",
    tag,
    summary: "Seal all secrets of the organization with a new key",
    reply: c.vaultRotated,
  }),
};
