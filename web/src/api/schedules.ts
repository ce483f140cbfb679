// Schedules: what is read, what is done. Keys begin with "schedules", so one invalidation reaches them all.

import type { ScheduleBody } from "@auraos/contract";
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS, safetyNetOfPages } from "./safetyNet.ts";
import { useDelete } from "./useDelete.ts";

export type Schedule = ReplyOf<"get /api/v1/schedules/:id">;
export type ScheduleDraft = Partial<ScheduleBody> & { name: string; workflow: string };
export type Rule = Pick<
  ScheduleDraft,
  "cron" | "interval" | "rrule" | "timezone" | "gap" | "repeat" | "excludeCalendars" | "jitterSeconds"
>;

export const scheduleKeys = {
  all: ["schedules"] as const,
  list: (search: string, status: string) => ["schedules", "list", search, status] as const,
  one: (id: string) => ["schedules", "one", id] as const,
};

export function useSchedules(search: string, status: string) {
  return useInfiniteQuery({
    queryKey: scheduleKeys.list(search, status),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/schedules", { query: { search, status, after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
    placeholderData: keepPreviousData,
  });
}

/** What fires within the next hours. */
export function useUpcomingFires(hours: number) {
  return useQuery({
    queryKey: [...scheduleKeys.all, "upcoming", hours],
    queryFn: ({ signal }) => {
      const to = new Date(Date.now() + hours * 3_600_000).toISOString();
      return request("get /api/v1/schedules/upcoming", { query: { to }, signal });
    },
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useSchedule(id: string) {
  return useQuery({
    queryKey: scheduleKeys.one(id),
    queryFn: ({ signal }) => request("get /api/v1/schedules/:id", { params: { id }, signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useNextFires(id: string) {
  return useQuery({
    queryKey: [...scheduleKeys.one(id), "preview"],
    queryFn: ({ signal }) =>
      request("get /api/v1/schedules/:id/preview", { params: { id }, query: { count: 8 }, signal }),
  });
}

export function useScheduleFires(id: string) {
  return useInfiniteQuery({
    queryKey: [...scheduleKeys.one(id), "fires"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/schedules/:id/fires", {
        params: { id },
        query: { after: pageParam, limit: 25 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
  });
}

export function useUpcoming(range: { from: string; to: string }) {
  return useQuery({
    queryKey: [...scheduleKeys.all, "upcoming", range],
    queryFn: ({ signal }) => request("get /api/v1/schedules/upcoming", { query: range, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useCalendars() {
  return useQuery({
    queryKey: [...scheduleKeys.all, "calendars"],
    queryFn: ({ signal }) => request("get /api/v1/schedules/calendars", { signal }),
  });
}

export type NamedCalendar = ReplyOf<"get /api/v1/schedules/calendars">["items"][number];

export function useSaveCalendar() {
  return useScheduleMutation(({ name, dates }: { name: string; dates: string[] }) =>
    request("put /api/v1/schedules/calendars/:name", { params: { name }, body: { dates } }),
  );
}

export function useDeleteCalendar() {
  return useScheduleMutation((name: string) =>
    request("delete /api/v1/schedules/calendars/:name", { params: { name } }),
  );
}

/** Of a rule that is being written; a wrong one is an error that says what to change. */
export function usePreview(rule: Rule | null) {
  return useQuery({
    queryKey: [...scheduleKeys.all, "draft", rule],
    queryFn: ({ signal }) =>
      request("post /api/v1/schedules/preview", { body: { ...rule, count: 6 }, signal }),
    enabled: rule !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
  });
}

export function useSaveSchedule() {
  return useScheduleMutation(({ of, body }: { of: Schedule | null; body: ScheduleDraft }) =>
    of === null
      ? request("post /api/v1/schedules", { body })
      : request("put /api/v1/schedules/:id", {
          params: { id: of.id },
          headers: { "if-match": of.etag },
          body,
        }),
  );
}

export function usePauseSchedule() {
  return useScheduleMutation((id: string) => request("post /api/v1/schedules/:id/pause", { params: { id } }));
}

export function useResumeSchedule() {
  return useScheduleMutation((id: string) =>
    request("post /api/v1/schedules/:id/resume", { params: { id } }),
  );
}

export function useTriggerSchedule() {
  return useScheduleMutation(({ id, requestKey }: { id: string; requestKey: string }) =>
    request("post /api/v1/schedules/:id/trigger", {
      params: { id },
      headers: { "idempotency-key": requestKey },
    }),
  );
}

export function useDeleteSchedule() {
  return useDelete(({ id }: { id: string }) => ({
    ...{ shown: scheduleKeys.one(id), changed: scheduleKeys.all },
    run: () => request("delete /api/v1/schedules/:id", { params: { id } }),
  }));
}

export type Backfill = {
  id: string;
  from: string;
  to: string;
  which: "all" | "missing";
  overlap: "allow" | "bufferAll" | "skip";
};

export function useBackfill() {
  return useScheduleMutation(({ id, ...body }: Backfill) =>
    request("post /api/v1/schedules/:id/backfill", { params: { id }, body }),
  );
}

function useScheduleMutation<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: scheduleKeys.all }),
  });
}
