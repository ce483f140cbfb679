// Limits of workflows: who has some, and those of one with its counts. Keys begin with "limits".
import type { WorkflowLimitsBody } from "@auraos/contract";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { safetyNetOfPages } from "./safetyNet.ts";

export type LimitedWorkflow = ReplyOf<"get /api/v1/limits">["items"][number];
export type WorkflowLimits = ReplyOf<"get /api/v1/workflows/:id/limits">;

const keys = { all: ["limits"] as const };

export function useLimits() {
  return useInfiniteQuery({
    queryKey: [...keys.all, "list"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/limits", { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => onceEach(pages.flatMap(({ items }) => items)),
    refetchInterval: safetyNetOfPages,
  });
}

/** Pausing moves a workflow in the list: what was paused or resumed between two pages would stand in both. */
function onceEach(items: readonly LimitedWorkflow[]): LimitedWorkflow[] {
  return [...new Map(items.map((one) => [one.workflowId, one])).values()];
}

export function useWorkflowLimits(id: string) {
  return useQuery({
    queryKey: [...keys.all, "one", id],
    queryFn: ({ signal }) => request("get /api/v1/workflows/:id/limits", { params: { id }, signal }),
    enabled: id !== "",
  });
}

/** What was paused starts again; its limits stay. */
export function useResumeWorkflow() {
  const save = useSaveLimits();
  return {
    ...save,
    mutateAsync: ({
      workflowId: id,
      workflowName: _,
      pauseReason: __,
      pausedAt: ___,
      failures: ____,
      pauseParts: _____,
      ...limits
    }: LimitedWorkflow) => save.mutateAsync({ id, body: { ...limits, paused: false } }),
  };
}

export function useSaveLimits() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: Partial<WorkflowLimitsBody> }) =>
      request("put /api/v1/workflows/:id/limits", { params: { id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
