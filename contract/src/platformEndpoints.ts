// Endpoints of the installation: node types, blobs, statistics, health, documents, webhooks.
import { json } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import * as p from "./platform.ts";
import { z } from "./zod.ts";

export const platformEndpoints = {
  listNodeTypes: endpoint({
    method: "get",
    path: "/api/v1/node-types",
    action: "nodeType.read",
    tag: "Node types",
    summary: "Every node type with the schema of its config",
    reply: p.nodeTypePage,
  }),
  storeBlob: endpoint({
    method: "post",
    path: "/api/v1/blobs",
    action: "blob.write",
    tag: "Blobs",
    summary: "Store a file",
    description: "The answer is a file reference that may stand in an item's files.",
    query: z.object({ name: z.string().max(255).default("file") }),
    body: { kind: "bytes" },
    reply: p.blobStored,
    status: 201,
  }),
  getBlob: endpoint({
    method: "get",
    path: "/api/v1/blobs/:id",
    action: "blob.read",
    tag: "Blobs",
    summary: "The bytes of a stored file",
    params: z.object({ id: z.string().max(400).describe("Blob id, URL-encoded.") }),
    query: z.object({ name: z.string().max(255).optional() }),
    produces: ["application/octet-stream"],
  }),
  getStats: endpoint({
    method: "get",
    path: "/api/v1/stats",
    action: "stats.read",
    tag: "Statistics",
    summary: "Counts, failures and durations",
    description:
      "Per workflow: executions that ended. Per node and per worker: activities that ended. Per time: executions that " +
      "ended, in steps from the beginning to the end, the empty ones included.",
    query: p.statsQuery,
    reply: p.stats,
  }),
  listFailureCauses: endpoint({
    method: "get",
    path: "/api/v1/stats/failures",
    action: "stats.read",
    tag: "Statistics",
    summary: "Failed executions by error code and workflow, the most frequent first",
    description:
      "Of executions that started in the range; of the newest 10,000 failures when there are more.",
    query: p.failureCausesQuery,
    reply: p.failureCauses,
  }),
  isAlive: endpoint({
    method: "get",
    path: "/health/live",
    action: "health.read",
    tag: "Health",
    summary: "The process answers",
    reply: p.alive,
  }),
  isReady: endpoint({
    method: "get",
    path: "/health/ready",
    action: "health.read",
    tag: "Health",
    summary: "200 only while executions are accepted",
    reply: p.health,
    also: { 503: "Executions are not accepted; the parts say why." },
  }),
  getMetrics: endpoint({
    method: "get",
    path: "/metrics",
    action: "metrics.read",
    tag: "Health",
    summary: "Metrics for Prometheus",
    produces: ["text/plain"],
  }),
  getOpenapi: endpoint({
    method: "get",
    path: "/api/openapi.json",
    action: "docs.read",
    tag: "Documents",
    summary: "This document",
    reply: json,
  }),
  getDocs: endpoint({
    method: "get",
    path: "/api/docs",
    action: "docs.read",
    tag: "Documents",
    summary: "This document, for people",
    produces: ["text/html"],
  }),
  getWelcome: endpoint({
    method: "get",
    path: "/",
    action: "docs.read",
    tag: "Documents",
    summary: "Welcome page",
    produces: ["text/html"],
  }),
  streamLive: endpoint({
    method: "get",
    path: "/api/v1/live",
    action: "live.read",
    tag: "Live",
    summary: "Live stream as server-sent events",
    description:
      "Events state and turn, as over Socket.io. Last-Event-ID (or ?cursor) goes on after a disconnect.",
    query: z.object({
      execution: z.uuid().optional(),
      workflow: z.uuid().optional(),
      cursor: z.string().max(200).optional(),
    }),
    produces: ["text/event-stream"],
  }),
};
