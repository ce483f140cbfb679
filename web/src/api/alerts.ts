// Alerts, their rules, and maintenance: what is read, what is done. Keys begin with "alerts".

import type { AlertRuleBody, alertRuleBody, z } from "@auraos/contract";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS, safetyNetOfPages } from "./safetyNet.ts";

export type Alert = ReplyOf<"get /api/v1/alerts/:id">;
export type AlertRule = ReplyOf<"get /api/v1/alerts/rules">["items"][number];
export type AlertKind = AlertRuleBody["condition"]["kind"];
export type AlertRuleDraft = z.input<typeof alertRuleBody>;

const all = ["alerts"] as const;

export function useAlerts(status: string) {
  return useInfiniteQuery({
    queryKey: [...all, "list", status],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/alerts", { query: { status, after: pageParam, limit: 50 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: safetyNetOfPages,
  });
}

export function useAlertRules() {
  return useQuery({
    queryKey: [...all, "rules"],
    queryFn: ({ signal }) => request("get /api/v1/alerts/rules", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useMaintenance() {
  return useQuery({
    queryKey: [...all, "maintenance"],
    queryFn: ({ signal }) => request("get /api/v1/maintenance", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useSetMaintenance() {
  return useChange((body: { isOn: boolean; reason?: string }) =>
    request("put /api/v1/maintenance", { body }),
  );
}

export function useCreateAlertRule() {
  return useChange((body: AlertRuleDraft) => request("post /api/v1/alerts/rules", { body }));
}

export function useDeleteAlertRule() {
  return useChange((id: string) => request("delete /api/v1/alerts/rules/:id", { params: { id } }));
}

export function useCheckAlerts() {
  return useChange(() => request("post /api/v1/alerts/check"));
}

export function useAlertAction() {
  return useChange(({ id, what }: { id: string; what: "acknowledge" | "resolve" }) =>
    what === "acknowledge"
      ? request("post /api/v1/alerts/:id/acknowledge", { params: { id } })
      : request("post /api/v1/alerts/:id/resolve", { params: { id } }),
  );
}

function useChange<Input = void, Reply = unknown>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: all }),
  });
}
