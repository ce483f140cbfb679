// Executions: lists, one, and what people do to them. Keys begin with "executions"; the live stream patches the lists
// and the single ones (src/live/patchCache.ts), so nothing here asks again by itself.
import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type QueryOf, request } from "./request.ts";
import { SAFETY_NET_MS } from "./safetyNet.ts";

export type ExecutionFilter = Omit<QueryOf<"get /api/v1/executions">, "after" | "limit">;

export const executionKeys = {
  all: ["executions"] as const,
  lists: ["executions", "list"] as const,
  list: (filter: ExecutionFilter) => ["executions", "list", filter] as const,
  one: (id: string) => ["executions", "one", id] as const,
  recent: ["executions", "recent"] as const,
  waits: ["executions", "waits"] as const,
  newestTests: ["executions", "newestTest"] as const,
};

export function useExecutions(filter: ExecutionFilter, pageSize = 50) {
  return useInfiniteQuery({
    queryKey: executionKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/executions", { query: { ...filter, after: pageParam, limit: pageSize }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

export function executionQuery(id: string) {
  return queryOptions({
    queryKey: executionKeys.one(id),
    queryFn: ({ signal }) => request("get /api/v1/executions/:id", { params: { id }, signal }),
  });
}

export function useExecution(id: string) {
  return useQuery({
    ...executionQuery(id),
    // A place in the queue also comes with time, such as that of a rate.
    refetchInterval: ({ state }) => (state.data?.queue === undefined ? false : SAFETY_NET_MS),
  });
}

/** The attempts of a node run, item by item; what its code wrote stands with them. */
export function useAttempts(id: string, run: string) {
  return useInfiniteQuery({
    queryKey: [...executionKeys.one(id), "attempts", run],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/executions/:id/runs/:run/attempts", {
        params: { id, run },
        query: { after: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** Lines that the code of a node run wrote, attempt by attempt; of many lines the first ones are kept. */
export function useRunLog(id: string, run: string) {
  const query = useAttempts(id, run);
  const written = query.data?.pages
    .flatMap(({ items }) => items)
    .flatMap(({ index, attempts }) =>
      attempts.map(({ attempt, at, logs = [] }) => ({ index, attempt, at, lines: logs })),
    )
    .filter(({ lines }) => lines.length > 0);
  return { ...query, written };
}

/** The newest executions of all workflows together: enough for the bars of a list with one request. */
export function useRecentExecutions() {
  return useQuery({
    queryKey: executionKeys.recent,
    queryFn: ({ signal }) => request("get /api/v1/executions", { query: { limit: 500 }, signal }),
    select: ({ items, next }) => ({ items, isAll: next === undefined }),
  });
}

export function useWaits(kind?: "approval" | "webhook" | "signal") {
  return useQuery({
    queryKey: [...executionKeys.waits, kind ?? "all"],
    queryFn: ({ signal }) => request("get /api/v1/waits", { query: { kind, limit: 100 }, signal }),
  });
}

/** The newest trial of a workflow, looked for again when something begins; null = none. */
export function useNewestTest(workflow: string) {
  return useQuery({
    queryKey: [...executionKeys.newestTests, workflow],
    queryFn: ({ signal }) => newestTest(workflow, signal),
    refetchInterval: SAFETY_NET_MS,
  });
}

async function newestTest(workflow: string, signal?: AbortSignal) {
  const query = { workflow, mode: "test" as const, limit: 1 };
  const { items } = await request("get /api/v1/executions", { query, ...(signal ? { signal } : {}) });
  return items[0] ?? null;
}

/** Opens the addresses at which the next call runs the draft. */
export function useOpenTest() {
  return useMutation({
    mutationFn: async (id: string) => {
      const newest = (await newestTest(id))?.id ?? null;
      const { items } = await request("post /api/v1/workflows/:id/test-hooks", { params: { id } });
      return { items, newest };
    },
  });
}

export type StartExecution = {
  workflow: string;
  input?: unknown;
  draft?: boolean;
  trigger?: string | undefined;
  /** Of the draft: only this node and what leads to it. */
  target?: string | undefined;
  /** The same key starts the same execution, so that a repeated click or a lost answer starts nothing twice. */
  requestKey: string;
};

export function useStartExecution() {
  return useExecutionMutation(({ workflow, input, draft, trigger, target, requestKey }: StartExecution) =>
    request("post /api/v1/workflows/:id/execute", {
      params: { id: workflow },
      query: { trigger, target, ...(draft ? { draft } : {}) },
      headers: { "idempotency-key": requestKey },
      ...(input === undefined ? {} : { body: input }),
    }),
  );
}

export type Rerun = {
  id: string;
  node?: string;
  input?: unknown;
  repeatEffects?: boolean;
  /** The draft, in mode test, instead of the version that ran. */
  draft?: boolean;
  /** With `draft`: nothing after this node runs. */
  target?: string;
};

export function useRerun() {
  return useExecutionMutation(({ id, ...body }: Rerun) =>
    request("post /api/v1/executions/:id/rerun", { params: { id }, body }),
  );
}

export type Control = "cancel" | "terminate" | "pause" | "resume" | "retry";

export function useControlExecution() {
  return useExecutionMutation(({ id, control }: { id: string; control: Control }) =>
    request(`post /api/v1/executions/:id/${control}` as const, { params: { id } }),
  );
}

export function useAnswerWait() {
  return useExecutionMutation(
    (answer: { id: string; wait: string; decision: "approve" | "reject" | "resume"; data?: unknown }) =>
      request("post /api/v1/executions/:id/waits/:wait", {
        params: { id: answer.id, wait: answer.wait },
        body: { decision: answer.decision, ...(answer.data === undefined ? {} : { data: answer.data }) },
      }),
  );
}

function useExecutionMutation<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: executionKeys.all }),
  });
}
