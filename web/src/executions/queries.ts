// What the pages of executions ask for beyond src/api/executions.ts: pages of a timeline, data, attempts; and the
// decisions of people. Keys begin with those of the execution, so that one invalidation reaches them.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { executionKeys } from "../api/executions.ts";
import { type ReplyOf, request } from "../api/request.ts";
import { workflowKeys } from "../api/workflows.ts";

export type ItemRun = ReplyOf<"get /api/v1/executions/:id/runs/:run/attempts">["items"][number];
export type Wait = ReplyOf<"get /api/v1/executions/:id">["waits"][number];
export type Parked = ReplyOf<"get /api/v1/executions/:id">["parked"][number];
export type Side = "in" | "out";

const DATA_PAGE = 25;
/** More of one value is not shown. */
export const ITEM_BYTES_MAX = 1_000_000;
const TIMELINE_PAGE = 500;
export const EDITABLE_ITEMS_MAX = 1_000;

/** Node runs beyond the first ones, which the execution itself carries. */
export function useMoreTimeline(id: string, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: [...executionKeys.one(id), "timeline"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/executions/:id/timeline", {
        params: { id },
        query: { after: pageParam, limit: TIMELINE_PAGE },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    enabled: isWanted,
  });
}

export type DataOf = { id: string; run: string; side: Side; port: string | undefined };

export function useNodeData({ id, run, side, port }: DataOf) {
  return useInfiniteQuery({
    queryKey: [...executionKeys.one(id), "data", run, side, port ?? ""],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/executions/:id/runs/:run/data", {
        params: { id, run },
        query: { side, port, after: pageParam, limit: DATA_PAGE, itemBytes: ITEM_BYTES_MAX },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** One item, whole, however large. */
export async function readItem({ id, run, side, port }: DataOf, index: number): Promise<unknown> {
  const data = await request("get /api/v1/executions/:id/runs/:run/data", {
    params: { id, run },
    query: { side, port, limit: 1, after: String(index) },
  });
  return data.items[0]?.json;
}

/** All that a node took, to be edited; undefined when it is too much for a text field. */
export async function readWholeInput(id: string, run: string): Promise<unknown> {
  const data = await request("get /api/v1/executions/:id/runs/:run/data", {
    params: { id, run },
    query: { side: "in", limit: EDITABLE_ITEMS_MAX, itemBytes: ITEM_BYTES_MAX },
  });
  if (data.next !== undefined || data.items.some(({ leftOut }) => leftOut !== undefined)) return undefined;
  const values = data.items.map(({ json }) => json);
  return values.length === 1 ? values[0] : values;
}

export async function readExecutionInput(id: string): Promise<unknown> {
  return request("get /api/v1/executions/:id/input", { params: { id } });
}

export function useChildren(id: string) {
  return useQuery({
    queryKey: [...executionKeys.one(id), "children"],
    queryFn: ({ signal }) => request("get /api/v1/executions", { query: { parent: id, limit: 20 }, signal }),
  });
}

/** What was drawn when it ran; a draft has no number and may have changed since. */
export function useDefinition(workflowId: string, version: number | null) {
  return useQuery({
    queryKey: [...workflowKeys.one(workflowId), "definition", version],
    queryFn: async ({ signal }) =>
      version === null
        ? (await request("get /api/v1/workflows/:id", { params: { id: workflowId }, signal })).definition
        : (
            await request("get /api/v1/workflows/:id/versions/:version", {
              params: { id: workflowId, version },
              signal,
            })
          ).definition,
    staleTime: version === null ? 30_000 : Number.POSITIVE_INFINITY,
  });
}

export type Decision = {
  id: string;
  run: string;
  item?: number;
  action: "retry" | "skip" | "fail" | "output";
  output?: unknown;
  /** What was looked at: if it was tried again and parked anew, the decision is about something else. */
  attempt: number;
};

export function useDecideParked() {
  return useExecutionMutation(({ id, ...body }: Decision) =>
    request("post /api/v1/executions/:id/parked", { params: { id }, body }),
  );
}

export function useSendSignal() {
  return useExecutionMutation(({ id, name, payload }: { id: string; name: string; payload: unknown }) =>
    request("post /api/v1/executions/:id/signal", { params: { id }, body: { name, payload } }),
  );
}

function useExecutionMutation<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: executionKeys.all }),
  });
}
