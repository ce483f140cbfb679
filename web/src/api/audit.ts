// The audit log: read, checked. Keys begin with "audit".
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type QueryOf, type ReplyOf, request } from "./request.ts";

export type AuditEntry = ReplyOf<"get /api/v1/audit/:seq">;
export type AuditChange = NonNullable<AuditEntry["changes"]>[number];
export type AuditReport = ReplyOf<"get /api/v1/audit/verify">;
export type AuditFilter = Pick<
  QueryOf<"get /api/v1/audit">,
  "actor" | "kind" | "outcome" | "object" | "from" | "to"
>;

const all = ["audit"] as const;

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: [...all, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/audit", { query: { ...filter, after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

export function useAuditEntry(seq: string) {
  return useQuery({
    queryKey: [...all, "entry", seq],
    queryFn: ({ signal }) => request("get /api/v1/audit/:seq", { params: { seq }, signal }),
  });
}

export function useVerifyAudit() {
  return useMutation({ mutationFn: () => request("get /api/v1/audit/verify") });
}
