// Incidents, findings of the watch, the security check. Keys begin with "incidents".
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS, safetyNetOfPages } from "./safetyNet.ts";

export type Incident = ReplyOf<"get /api/v1/incidents/:id">;
export type IncidentSummary = ReplyOf<"get /api/v1/incidents">["items"][number];
export type SecurityFinding = ReplyOf<"get /api/v1/security-findings">["items"][number];
export type SecurityCheckItem = ReplyOf<"get /api/v1/security-check">["items"][number];
export type Severity = Incident["severity"];

const all = ["incidents"] as const;

export function useIncidents() {
  return useInfiniteQuery({
    queryKey: [...all, "list"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/incidents", { query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
  });
}

export function useIncident(id: string) {
  return useQuery({
    queryKey: [...all, "one", id],
    queryFn: ({ signal }) => request("get /api/v1/incidents/:id", { params: { id }, signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useFindings() {
  return useInfiniteQuery({
    queryKey: [...all, "findings"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/security-findings", { query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
  });
}

export function useSecurityCheck() {
  return useQuery({
    queryKey: [...all, "check"],
    queryFn: ({ signal }) => request("get /api/v1/security-check", { signal }),
  });
}

export function useOpenIncident() {
  return useChange((body: { title: string; severity: Severity; note?: string }) =>
    request("post /api/v1/incidents", { body }),
  );
}

export type Freezing = { scope: "organization" | "workflow"; workflow?: string; reason?: string };
export type Revoking = { keys?: "all"; sessions?: "all"; person?: string };

/** What is done about one incident. */
export function useIncidentActs(id: string) {
  const params = { id };
  return {
    note: useChange((text: string) =>
      request("post /api/v1/incidents/:id/notes", { params, body: { text } }),
    ),
    freeze: useChange((body: Freezing) => request("post /api/v1/incidents/:id/freeze", { params, body })),
    unfreeze: useChange((freeze: string | undefined) =>
      request("post /api/v1/incidents/:id/unfreeze", {
        params,
        body: freeze === undefined ? {} : { freeze },
      }),
    ),
    revoke: useChange((body: Revoking) => request("post /api/v1/incidents/:id/revoke", { params, body })),
    close: useChange((conclusion: string) =>
      request("post /api/v1/incidents/:id/close", { params, body: { conclusion } }),
    ),
  };
}

export function useMarkSeen() {
  return useChange((id: string) => request("post /api/v1/security-findings/:id/seen", { params: { id } }));
}

function useChange<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: all }),
  });
}
