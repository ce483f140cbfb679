// Workers: what is read, what is done. Every change answers with the list, or is followed by a look at it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS } from "./safetyNet.ts";

export type WorkerList = ReplyOf<"get /api/v1/workers">;
export type Worker = WorkerList["items"][number];

const key = ["workers"] as const;

export function useWorkers() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request("get /api/v1/workers", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useSetLocalWorkers() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (count: number) => request("put /api/v1/workers/local", { body: { count } }),
    onSuccess: (list) => client.setQueryData(key, list),
  });
}

export function useDrainWorker() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request("post /api/v1/workers/:id/drain", { params: { id } }),
    onSuccess: (list) => client.setQueryData(key, list),
  });
}

export function useRemoveWorker() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request("delete /api/v1/workers/:id", { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}
