// Data protection: what is read, what is done. Keys begin with "protection".
import type { erasureBody, Identifier, legalHoldBody, redactionBody, z } from "@auraos/contract";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request, requestRaw } from "./request.ts";
import { SAFETY_NET_MS } from "./safetyNet.ts";

export type RetentionPolicy = ReplyOf<"get /api/v1/data-protection/retention">["items"][number];
export type LegalHold = ReplyOf<"get /api/v1/data-protection/holds">["items"][number];
export type RedactionRule = ReplyOf<"get /api/v1/data-protection/redactions">["items"][number];
export type Erasure = ReplyOf<"get /api/v1/data-protection/erasures/:id">;
export type SubjectReport = ReplyOf<"post /api/v1/data-protection/people/search">;
export type MappedTable = ReplyOf<"get /api/v1/data-protection/map">["tables"][number];
export type { Identifier };

const all = ["protection"] as const;

export function useRetention() {
  return useQuery({
    queryKey: [...all, "retention"],
    queryFn: ({ signal }) => request("get /api/v1/data-protection/retention", { signal }),
  });
}

export function useHolds() {
  return useInfiniteQuery({
    queryKey: [...all, "holds"],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/data-protection/holds", {
        query: { released: true, after: pageParam || undefined, limit: 50 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

export function useRedactions() {
  return useQuery({
    queryKey: [...all, "redactions"],
    queryFn: ({ signal }) => request("get /api/v1/data-protection/redactions", { signal }),
  });
}

export function useReveals() {
  return useQuery({
    queryKey: [...all, "reveals"],
    queryFn: ({ signal }) => request("get /api/v1/data-protection/reveals", { query: { limit: 20 }, signal }),
  });
}

export function useRedactionPreview(json: unknown, rules: { path: string; mode: "hide" | "mask" }[]) {
  return useQuery({
    queryKey: [...all, "preview", json, rules],
    queryFn: ({ signal }) =>
      request("post /api/v1/data-protection/redactions/preview", { body: { json, rules }, signal }),
    enabled: rules.every(({ path }) => path !== ""),
    retry: false,
  });
}

export function useErasures() {
  return useQuery({
    queryKey: [...all, "erasures"],
    queryFn: ({ signal }) =>
      request("get /api/v1/data-protection/erasures", { query: { limit: 50 }, signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

export function useDataMap() {
  return useQuery({
    queryKey: [...all, "map"],
    queryFn: ({ signal }) => request("get /api/v1/data-protection/map", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const keepFor = ({ name, days }: { name: RetentionPolicy["class"]; days: number | null }) =>
  request("put /api/v1/data-protection/retention/:class", { params: { class: name }, body: { days } });

export const placeHold = (body: z.input<typeof legalHoldBody>) =>
  request("post /api/v1/data-protection/holds", { body });

export const releaseHold = (id: string) =>
  request("post /api/v1/data-protection/holds/:id/release", { params: { id } });

export const hideField = (body: z.input<typeof redactionBody>) =>
  request("post /api/v1/data-protection/redactions", { body });

export const showField = (id: string) =>
  request("delete /api/v1/data-protection/redactions/:id", { params: { id } });

export const findPerson = (identifiers: Identifier[]) =>
  request("post /api/v1/data-protection/people/search", { body: { identifiers } });

export const erasePerson = (body: z.input<typeof erasureBody>) =>
  request("post /api/v1/data-protection/erasures", { body });

export async function downloadPerson(identifiers: Identifier[]): Promise<void> {
  const response = await requestRaw("post /api/v1/data-protection/people/export", { body: { identifiers } });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = "personal-data.zip";
  link.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** What is shown follows what was done. */
export function useProtectionAct<Input, Reply>(run: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: all }),
  });
}
