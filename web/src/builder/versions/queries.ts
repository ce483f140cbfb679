// Versions and what can be done with them.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../api/request.ts";
import { workflowKeys } from "../../api/workflows.ts";
import type { Graph } from "../graph/graph.ts";

export function versionQuery(id: string, version: number) {
  return queryOptions({
    queryKey: [...workflowKeys.versions(id), version],
    queryFn: async ({ signal }) => {
      const reply = await request("get /api/v1/workflows/:id/versions/:version", {
        params: { id, version },
        signal,
      });
      return reply.definition as Graph;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePublish(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (note: string) =>
      request("post /api/v1/workflows/:id/publish", {
        params: { id },
        ...(note.trim() === "" ? {} : { body: { note: note.trim() } }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  });
}
