// The person who is signed in, and the people around: account, members, invitations, keys.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { signInAsPerson, useSession } from "./session.ts";

export type Me = ReplyOf<"get /api/v1/account">;
export type Member = ReplyOf<"get /api/v1/members">["items"][number];
export type Invitation = ReplyOf<"get /api/v1/invitations">["items"][number];
export type ApiKey = ReplyOf<"get /api/v1/api-keys">["items"][number];
export type SessionRow = ReplyOf<"get /api/v1/account/sessions">["items"][number];
export type Action = Me["actions"][number];

/** Each row has a choice of roles: more of them at once would be felt. */
const MEMBERS_PAGE = 100;

export const accountKeys = {
  me: ["account"] as const,
  options: ["signInOptions"] as const,
  members: ["members"] as const,
  invitations: ["invitations"] as const,
  permissions: ["permissions"] as const,
  apiKeys: ["apiKeys"] as const,
  sessions: ["sessions"] as const,
  passkeys: ["passkeys"] as const,
};

export function useMe() {
  const session = useSession();
  return useQuery({
    queryKey: accountKeys.me,
    queryFn: ({ signal }) => request("get /api/v1/account", { signal }),
    enabled: session !== null,
    staleTime: 30_000,
  });
}

/** Whether something may be offered; the server decides again. */
export function useMay(action: Action): boolean {
  return useMe().data?.actions.includes(action) ?? false;
}

export function useSignInOptions() {
  return useQuery({
    queryKey: accountKeys.options,
    queryFn: ({ signal }) => request("get /api/v1/auth/options", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/**
 * Takes over the session whose cookie the server has set, in the organization that was used last if it still is one of
 * theirs. False = there is no session.
 */
export async function takeSession(wanted?: string): Promise<boolean> {
  const response = await fetch("/api/v1/account", { headers: { accept: "application/json" } }).catch(
    () => undefined,
  );
  if (response?.ok !== true) return false;
  const me = (await response.json()) as Me;
  if (me.via !== "session") return false;
  const found = me.organizations.find(({ id }) => id === wanted) ?? me.organizations[0];
  signInAsPerson(found?.id ?? null);
  return true;
}

/** By name or address. */
export function useMembers(search = "") {
  return useInfiniteQuery({
    queryKey: [...accountKeys.members, search],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/members", { query: { search, after: pageParam, limit: MEMBERS_PAGE }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
  });
}

export function useInvitations() {
  return useInfiniteQuery({
    queryKey: accountKeys.invitations,
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/invitations", { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

export function usePermissions() {
  return useQuery({
    queryKey: accountKeys.permissions,
    queryFn: ({ signal }) => request("get /api/v1/permissions", { signal }),
  });
}

export function useApiKeys(search: string) {
  return useInfiniteQuery({
    queryKey: [...accountKeys.apiKeys, search],
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/api-keys", { query: { search, after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
  });
}

export function useSessions() {
  return useQuery({
    queryKey: accountKeys.sessions,
    queryFn: ({ signal }) => request("get /api/v1/account/sessions", { signal }),
    select: (page) => page.items,
  });
}

export function usePasskeys() {
  return useQuery({
    queryKey: accountKeys.passkeys,
    queryFn: ({ signal }) => request("get /api/v1/auth/passkeys", { signal }),
    select: (page) => page.items,
  });
}

/** Something about people is done; what it changes is read again. */
export function usePeopleAction<Input, Output>(
  run: (input: Input) => Promise<Output>,
  changes: readonly (keyof typeof accountKeys)[],
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await Promise.all(changes.map((key) => client.invalidateQueries({ queryKey: accountKeys[key] })));
    },
  });
}
