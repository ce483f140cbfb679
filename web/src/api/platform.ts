// What the installation says about itself: health, node types, statistics.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, errorOf, UNREACHABLE } from "./apiError.ts";
import { type QueryOf, type ReplyOf, request } from "./request.ts";

export type Health = ReplyOf<"get /health/ready">;
export type Stats = ReplyOf<"get /api/v1/stats">;
export type NodeType = ReplyOf<"get /api/v1/node-types">["items"][number];

export const platformKeys = {
  health: ["health"] as const,
  nodeTypes: ["nodeTypes"] as const,
  stats: (query: QueryOf<"get /api/v1/stats">) => ["stats", query] as const,
};

/** An unavailable server answers 503 with the same report; it is data here, not an error. */
export function useHealth() {
  return useQuery({
    queryKey: platformKeys.health,
    queryFn: ({ signal }) => readHealth(signal),
    staleTime: 0,
  });
}

/** They change only with the server's version. */
export const nodeTypesQuery = queryOptions({
  queryKey: platformKeys.nodeTypes,
  queryFn: ({ signal }) => request("get /api/v1/node-types", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useStats(query: QueryOf<"get /api/v1/stats">) {
  return useQuery({
    queryKey: platformKeys.stats(query),
    queryFn: ({ signal }) => request("get /api/v1/stats", { query, signal }),
  });
}

async function readHealth(signal: AbortSignal): Promise<Health> {
  const response = await fetch("/health/ready", { signal }).catch(() => undefined);
  if (!response) throw new ApiError({ status: 0, code: UNREACHABLE });
  if (response.status !== 200 && response.status !== 503) throw await errorOf(response);
  return (await response.json()) as Health;
}
