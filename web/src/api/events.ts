// Events, who gets them, and the triggers that listen outside. Keys begin with "events", so one invalidation reaches all.
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { safetyNetOfPages } from "./safetyNet.ts";

export type StoredEvent = ReplyOf<"get /api/v1/events">["items"][number];
export type Subscription = ReplyOf<"get /api/v1/events/subscriptions">["items"][number];
export type DeadEvent = ReplyOf<"get /api/v1/events/dead">["items"][number];
export type HeldEvent = ReplyOf<"get /api/v1/events/subscriptions/:id/held">["items"][number];
export type Trigger = ReplyOf<"get /api/v1/triggers">["items"][number];

const keys = { all: ["events"] as const };

const options = {
  initialPageParam: "",
  getNextPageParam: (page: { next?: string | undefined }) => page.next,
  refetchInterval: safetyNetOfPages,
  placeholderData: keepPreviousData,
};

export function useEvents(type: string) {
  return useInfiniteQuery({
    queryKey: [...keys.all, "list", type],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/events", {
        query: { after: pageParam, limit: 100, ...(type === "" ? {} : { type }) },
        signal,
      }),
    ...options,
  });
}

export function useSubscriptions() {
  return useInfiniteQuery({
    queryKey: [...keys.all, "subscriptions"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/events/subscriptions", { query: { after: pageParam, limit: 100 }, signal }),
    ...options,
  });
}

export function useHeldEvents(id: string) {
  return useInfiniteQuery({
    queryKey: [...keys.all, "held", id],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/events/subscriptions/:id/held", {
        params: { id },
        query: { after: pageParam, limit: 100 },
        signal,
      }),
    ...options,
  });
}

export function useTriggers() {
  return useInfiniteQuery({
    queryKey: [...keys.all, "triggers"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/triggers", { query: { after: pageParam, limit: 100 }, signal }),
    ...options,
  });
}

export function useDeadEvents() {
  return useInfiniteQuery({
    queryKey: [...keys.all, "dead"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/events/dead", { query: { after: pageParam, limit: 100 }, signal }),
    ...options,
  });
}

export function usePauseSubscription() {
  return useEventMutation(({ id, pause }: { id: string; pause: boolean }) =>
    pause
      ? request("post /api/v1/events/subscriptions/:id/pause", { params: { id } })
      : request("post /api/v1/events/subscriptions/:id/resume", { params: { id } }),
  );
}

export function useReplay() {
  return useEventMutation(({ id, from }: { id: string; from: string }) =>
    request("post /api/v1/events/subscriptions/:id/replay", { params: { id }, body: { from } }),
  );
}

export function useRedeliver() {
  return useEventMutation((id: string) =>
    request("post /api/v1/events/dead/:id/redeliver", { params: { id } }),
  );
}

export function useDeleteDead() {
  return useEventMutation((id: string) => request("delete /api/v1/events/dead/:id", { params: { id } }));
}

function useEventMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
