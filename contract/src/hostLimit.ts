// Limits for calls to one host, and for those that sign in with one connection, as they travel.
import { instant } from "./common.ts";
import { connectionName } from "./connection.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const limits = {
  concurrency: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .describe("Requests at the same time; null = any number."),
  requests: z.int().min(1).max(1_000_000).nullable().describe("Requests per period; null = any number."),
  perSeconds: z.int().min(1).max(86_400).describe("Length of the period, seconds."),
};

export const hostLimit = z
  .object({ host: z.string(), ...limits, updatedAt: instant })
  .meta({ id: "HostLimit", description: "How fast, and how many at once, activities may call a host." });
export type HostLimit = z.infer<typeof hostLimit>;

export const connectionLimit = z.object({ connection: z.string(), ...limits, updatedAt: instant }).meta({
  id: "ConnectionLimit",
  description: "How fast, and how many at once, activities may make calls with a connection.",
});
export type ConnectionLimit = z.infer<typeof connectionLimit>;

const body = z
  .strictObject({
    concurrency: limits.concurrency.default(null),
    requests: limits.requests.default(null),
    perSeconds: limits.perSeconds.default(1),
  })
  .refine((one) => one.concurrency !== null || one.requests !== null, {
    message: "give concurrency, requests, or both",
    path: ["requests"],
  });
export type HostLimitBody = z.infer<typeof body>;

const tag = "Host limits";
const params = z.object({
  host: z.string().regex(/^(\[[0-9a-f:.]+\]|[a-z0-9.-]{1,253})(:\d{1,5})?$/),
});

const connectionTag = "Connection limits";
const connectionParams = z.object({ connection: connectionName });

export const hostLimitEndpoints = {
  listHostLimits: endpoint({
    method: "get",
    path: "/api/v1/host-limits",
    action: "worker.read",
    tag,
    summary: "Limits for calls to hosts",
    reply: z.object({ items: z.array(hostLimit) }),
  }),
  putHostLimit: endpoint({
    method: "put",
    path: "/api/v1/host-limits/:host",
    action: "worker.manage",
    tag,
    summary: "Limit calls to a host",
    description:
      "`host` is a name or address in small letters, with `:port` when only that port is meant. What is over a limit waits " +
      "its turn for up to a minute, then fails with `HOST_LIMIT`, which is tried again.",
    params,
    body: { kind: "json", schema: body },
    reply: hostLimit,
  }),
  deleteHostLimit: endpoint({
    method: "delete",
    path: "/api/v1/host-limits/:host",
    action: "worker.manage",
    tag,
    summary: "Take a limit away",
    params,
    status: 204,
  }),
  listConnectionLimits: endpoint({
    method: "get",
    path: "/api/v1/connection-limits",
    action: "worker.read",
    tag: connectionTag,
    summary: "Limits for calls with connections",
    reply: z.object({ items: z.array(connectionLimit) }),
  }),
  putConnectionLimit: endpoint({
    method: "put",
    path: "/api/v1/connection-limits/:connection",
    action: "worker.manage",
    tag: connectionTag,
    summary: "Limit calls with a connection",
    description:
      "`connection` is a name as steps write it in `credential`. A step that speaks HTTP counts with every request it makes; " +
      "one that speaks to a database or a mail server counts once and keeps its place until it ends. What is over a limit " +
      "waits its turn for up to a minute, then fails with `CONNECTION_LIMIT`, which is tried again. A limit for the host holds as well.",
    params: connectionParams,
    body: { kind: "json", schema: body },
    reply: connectionLimit,
  }),
  deleteConnectionLimit: endpoint({
    method: "delete",
    path: "/api/v1/connection-limits/:connection",
    action: "worker.manage",
    tag: connectionTag,
    summary: "Take a limit away",
    params: connectionParams,
    status: 204,
  }),
};
