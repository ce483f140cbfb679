// Connections: what is read, what is done. Keys begin with "connections", so one invalidation reaches them all.
import type { ConnectionBody } from "@auraos/contract";
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { useDelete } from "./useDelete.ts";

export type Connection = ReplyOf<"get /api/v1/connections/:id">;
export type ConnectionType = ReplyOf<"get /api/v1/connection-types">["items"][number];

const keys = {
  all: ["connections"] as const,
  list: (search: string, type: string) => ["connections", "list", search, type] as const,
  one: (id: string) => ["connections", "one", id] as const,
};

/** `type`: kinds with commas; empty = all. */
export function useConnections(search: string, type = "") {
  return useInfiniteQuery({
    queryKey: keys.list(search, type),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/connections", {
        query: { search, type, after: pageParam, limit: 100 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useConnection(id: string) {
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => request("get /api/v1/connections/:id", { params: { id }, signal }),
  });
}

/** They change with the release only. */
export function useConnectionTypes() {
  return useQuery({
    queryKey: [...keys.all, "types"],
    queryFn: ({ signal }) => request("get /api/v1/connection-types", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useConnectionUses(id: string) {
  return useQuery({
    queryKey: [...keys.one(id), "uses"],
    queryFn: ({ signal }) => request("get /api/v1/connections/:id/uses", { params: { id }, signal }),
  });
}

export function useSaveConnection() {
  return useChange(({ id, body: { type, ...change } }: { id?: string; body: ConnectionBody }) =>
    id === undefined
      ? request("post /api/v1/connections", { body: { type, ...change } })
      : request("put /api/v1/connections/:id", { params: { id }, body: change }),
  );
}

export function useTestConnection() {
  return useChange((id: string) => request("post /api/v1/connections/:id/test", { params: { id } }));
}

export function useDeleteConnection() {
  return useDelete(({ id, force }: { id: string; force: boolean }) => ({
    ...{ shown: keys.one(id), changed: keys.all },
    run: () =>
      request("delete /api/v1/connections/:id", { params: { id }, query: force ? { force: "1" } : {} }),
  }));
}

export function useAuthorizeConnection() {
  return useChange((id: string) => request("post /api/v1/connections/:id/authorize", { params: { id } }));
}

export function useFinishAuthorization() {
  return useChange((body: { code: string; state: string }) =>
    request("post /api/v1/connections/authorized", { body }),
  );
}

function useChange<Given, Reply>(mutationFn: (given: Given) => Promise<Reply>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}
