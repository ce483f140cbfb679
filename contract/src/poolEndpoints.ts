// Endpoints of pools.
import { endpoint } from "./endpoint.ts";
import * as p from "./pool.ts";
import { z } from "./zod.ts";

const tag = "Pools";
const params = z.object({ name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/) });

export const poolEndpoints = {
  listPools: endpoint({
    method: "get",
    path: "/api/v1/pools",
    action: "workflow.read",
    tag,
    summary: "Pools, with what they hold and who waits",
    reply: p.poolList,
  }),
  putPool: endpoint({
    method: "put",
    path: "/api/v1/pools/:name",
    action: "workflow.publish",
    tag,
    summary: "Make or change a pool",
    description:
      "A limit that is lowered takes nothing back: running ones end, and until then nothing starts.",
    params,
    headers: { "If-Match": "etag of the pool that was read; another one gives 409." },
    body: { kind: "json", schema: p.poolBody },
    reply: p.pool,
    also: { 409: "It was changed in the meantime.", 422: "A field is wrong." },
  }),
  getPool: endpoint({
    method: "get",
    path: "/api/v1/pools/:name",
    action: "workflow.read",
    tag,
    summary: "A pool",
    params,
    reply: p.pool,
  }),
  deletePool: endpoint({
    method: "delete",
    path: "/api/v1/pools/:name",
    action: "workflow.publish",
    tag,
    summary: "Delete a pool",
    params,
    status: 204,
    also: { 409: "A task or a workflow takes places of it." },
  }),
  poolWaiting: endpoint({
    method: "get",
    path: "/api/v1/pools/:name/waiting",
    action: "workflow.read",
    tag,
    summary: "Who waits for a pool, in order, and why; and who holds its places",
    description: "At most 500 of each.",
    params,
    reply: p.poolWaiting,
  }),
};
