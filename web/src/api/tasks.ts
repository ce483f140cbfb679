// Tasks, their runs and the pools they share: what is read, what is done. Keys begin with "tasks" and "pools".

import type { PoolBody, TaskBody } from "@auraos/contract";
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { newRequestKey } from "./newRequestKey.ts";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS, safetyNetOfPages } from "./safetyNet.ts";
import { useDelete } from "./useDelete.ts";

export type Task = ReplyOf<"get /api/v1/tasks/:id">;
export type TaskRun = ReplyOf<"get /api/v1/tasks/runs/:id">;
export type TaskGraph = ReplyOf<"get /api/v1/tasks/graph">;
export type TaskTemplate = ReplyOf<"get /api/v1/tasks/templates">["items"][number];
export type Pool = ReplyOf<"get /api/v1/pools/:name">;
export type TaskDraft = Partial<TaskBody> & Pick<TaskBody, "name" | "run">;

const keys = { tasks: ["tasks"] as const, pools: ["pools"] as const };

export function useTasks(search: string) {
  return useInfiniteQuery({
    queryKey: [...keys.tasks, "list", search],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/tasks", { query: { search, after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
    placeholderData: keepPreviousData,
  });
}

export function taskQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.tasks, "one", id],
    queryFn: ({ signal }) => request("get /api/v1/tasks/:id", { params: { id }, signal }),
  });
}

export function useTask(id: string) {
  return useQuery({ ...taskQuery(id), refetchInterval: SAFETY_NET_MS });
}

export function useTaskRuns(id: string) {
  return useQuery({
    queryKey: [...keys.tasks, "one", id, "runs"],
    queryFn: ({ signal }) => request("get /api/v1/tasks/runs", { query: { task: id, limit: 25 }, signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useTaskGraph() {
  return useQuery({
    queryKey: [...keys.tasks, "graph"],
    queryFn: ({ signal }) => request("get /api/v1/tasks/graph", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useOpenRuns() {
  return useInfiniteQuery({
    queryKey: [...keys.tasks, "open"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/tasks/runs", { query: { open: "1", after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: safetyNetOfPages,
  });
}

export function useTaskTemplates() {
  return useQuery({
    queryKey: [...keys.tasks, "templates"],
    queryFn: ({ signal }) => request("get /api/v1/tasks/templates", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSaveTask() {
  return useChange(({ of, body }: { of: Task | null; body: TaskDraft }) =>
    of === null
      ? request("post /api/v1/tasks", { body })
      : request("put /api/v1/tasks/:id", { params: { id: of.id }, headers: { "if-match": of.etag }, body }),
  );
}

export function useExecuteTask() {
  return useChange((id: string) =>
    request("post /api/v1/tasks/:id/execute", {
      params: { id },
      headers: { "idempotency-key": newRequestKey() },
      body: {},
    }),
  );
}

export function usePauseTask() {
  return useChange(({ id, paused }: { id: string; paused: boolean }) =>
    paused
      ? request("post /api/v1/tasks/:id/pause", { params: { id } })
      : request("post /api/v1/tasks/:id/resume", { params: { id } }),
  );
}

export function useDeleteTask() {
  return useDelete(({ id }: { id: string }) => ({
    ...{ shown: [...keys.tasks, "one", id], changed: keys.tasks },
    run: () => request("delete /api/v1/tasks/:id", { params: { id } }),
  }));
}

export function useRunControl() {
  return useChange(({ id, what }: { id: string; what: "cancel" | "retry" }) =>
    what === "cancel"
      ? request("post /api/v1/tasks/runs/:id/cancel", { params: { id } })
      : request("post /api/v1/tasks/runs/:id/retry", { params: { id } }),
  );
}

export function useOptimize() {
  return useChange((apply: boolean) => request("post /api/v1/tasks/optimize", { body: { apply } }));
}

export function useInstallTemplate() {
  return useChange(
    ({ id, name, parameters }: { id: string; name: string; parameters: Record<string, unknown> }) =>
      request("post /api/v1/tasks/templates/:template/install", {
        params: { template: id },
        body: { name, parameters, paused: false },
      }),
  );
}

export function usePools() {
  return useQuery({
    queryKey: [...keys.pools, "list"],
    queryFn: ({ signal }) => request("get /api/v1/pools", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function usePoolWaiting(name: string) {
  return useQuery({
    queryKey: [...keys.pools, "waiting", name],
    queryFn: ({ signal }) => request("get /api/v1/pools/:name/waiting", { params: { name }, signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useSavePool() {
  return useChange(({ name, etag, body }: { name: string; etag?: string; body: Partial<PoolBody> }) =>
    request("put /api/v1/pools/:name", {
      params: { name },
      ...(etag === undefined ? {} : { headers: { "if-match": etag } }),
      body,
    }),
  );
}

export function useDeletePool() {
  return useDelete(({ name }: { name: string }) => ({
    ...{ shown: [...keys.pools, "waiting", name], changed: keys.pools },
    run: () => request("delete /api/v1/pools/:name", { params: { name } }),
  }));
}

function useChange<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.tasks });
      await client.invalidateQueries({ queryKey: keys.pools });
    },
  });
}
