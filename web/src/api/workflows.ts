// Workflows: what is read, what is done. Keys begin with "workflows", so one invalidation reaches them all.
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { RawBody, type ReplyOf, request } from "./request.ts";
import { useDelete } from "./useDelete.ts";

export type WorkflowDefinition = ReplyOf<"get /api/v1/workflows/:id">["definition"];

/** Where workflows are kept; what is left out does not matter. */
export type FilingFilter = { folder?: string; tag?: string; owner?: string };
export type Filing = { folder?: string; tags?: string[]; owner?: string | null };

export const workflowKeys = {
  all: ["workflows"] as const,
  list: (search: string, filing: FilingFilter) => ["workflows", "list", search, filing] as const,
  filing: ["workflows", "filing"] as const,
  one: (id: string) => ["workflows", "one", id] as const,
  versions: (id: string) => ["workflows", "versions", id] as const,
};

export function useWorkflows(search = "", filing: FilingFilter = {}) {
  return useInfiniteQuery({
    queryKey: workflowKeys.list(search, filing),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/workflows", {
        query: { search, ...filing, after: pageParam, limit: 100 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    // The list stays while the next letters are typed.
    placeholderData: keepPreviousData,
  });
}

/** Folders, tags and owners that there are. */
export function useFilingOverview() {
  return useQuery({
    queryKey: workflowKeys.filing,
    queryFn: ({ signal }) => request("get /api/v1/workflows/filing", { signal }),
  });
}

export function workflowQuery(id: string) {
  return queryOptions({
    queryKey: workflowKeys.one(id),
    queryFn: ({ signal }) => request("get /api/v1/workflows/:id", { params: { id }, signal }),
  });
}

export function useWorkflow(id: string) {
  return useQuery(workflowQuery(id));
}

export function useVersions(id: string) {
  return useInfiniteQuery({
    queryKey: workflowKeys.versions(id),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/workflows/:id/versions", { params: { id }, query: { after: pageParam }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** An empty draft with a name. */
export function useCreateWorkflow() {
  return useWorkflowMutation((name: string) =>
    request("post /api/v1/workflows", {
      query: { publish: false },
      body: { name, nodes: [], connections: [] },
    }),
  );
}

/** Text of a file or a paste, JSON or YAML: the server reads both. */
export function useImportWorkflow() {
  return useWorkflowMutation((text: string) =>
    request("post /api/v1/workflows/import", { body: new RawBody(text, definitionType(text)) }),
  );
}

/** Made empty first and then given the draft, because a definition with problems may be a draft but not a creation. */
export function useDuplicateWorkflow() {
  return useWorkflowMutation(async ({ id, name }: { id: string; name: string }) => {
    const { definition, folder, tags } = await request("get /api/v1/workflows/:id", { params: { id } });
    const copy = await request("post /api/v1/workflows", {
      query: { publish: false },
      body: { name, nodes: [], connections: [] },
    });
    await request("put /api/v1/workflows/:id/draft", {
      params: { id: copy.id },
      headers: { "if-match": copy.etag },
      body: { ...definition, name },
    });
    if (folder !== "" || tags.length > 0)
      await request("put /api/v1/workflows/:id/filing", { params: { id: copy.id }, body: { folder, tags } });
    return copy;
  });
}

export function useDeleteWorkflow() {
  return useDelete(({ id, force }: { id: string; force: boolean }) => ({
    ...{ shown: workflowKeys.one(id), changed: workflowKeys.all },
    run: () => request("delete /api/v1/workflows/:id", { params: { id }, query: force ? { force } : {} }),
  }));
}

export function useFileWorkflow() {
  return useWorkflowMutation(({ id, ...body }: Filing & { id: string }) =>
    request("put /api/v1/workflows/:id/filing", { params: { id }, body }),
  );
}

export function usePublishWorkflow() {
  return useWorkflowMutation((id: string) =>
    request("post /api/v1/workflows/:id/publish", { params: { id } }),
  );
}

export function useUnpublishWorkflow() {
  return useWorkflowMutation((id: string) =>
    request("post /api/v1/workflows/:id/unpublish", { params: { id } }),
  );
}

function useWorkflowMutation<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  });
}

function definitionType(text: string): string {
  return /^\s*[[{]/.test(text) ? "application/json" : "application/yaml";
}
