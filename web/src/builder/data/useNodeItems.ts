// Items that a node run took or gave, page by page; what an ended execution holds never changes.
import { queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { request } from "../../api/request.ts";

/** More of one value is not shown. */
const ITEM_BYTES_MAX = 1_000_000;

export type Side = "in" | "out";
export type DataAddress = { execution: string; run: string; side: Side; port?: string };

export function useNodeItems(address: DataAddress | undefined, isEnded: boolean) {
  return useInfiniteQuery({
    queryKey: ["nodeData", address],
    queryFn: ({ pageParam, signal }) => readItems(address as DataAddress, 50, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    enabled: address !== undefined,
    staleTime: isEnded ? Number.POSITIVE_INFINITY : 0,
  });
}

/** A few items, for previews. */
export function sampleQuery(address: DataAddress) {
  return queryOptions({
    queryKey: ["nodeSample", address],
    queryFn: async ({ signal }) => (await readItems(address, 20, "", signal)).items,
    staleTime: 60_000,
  });
}

function readItems(
  { execution, run, side, port }: DataAddress,
  limit: number,
  after: string,
  signal: AbortSignal,
) {
  return request("get /api/v1/executions/:id/runs/:run/data", {
    params: { id: execution, run },
    query: { side, port, limit, after, itemBytes: ITEM_BYTES_MAX },
    signal,
  });
}
