// The cache of what the server said. The live stream keeps it fresh (src/live), so nothing is asked again on a timer;
// what a refusal says will not change by asking twice, so only an unreachable server is tried again.
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./apiError.ts";
import { onSessionChange } from "./session.ts";
import { isAskedFor } from "./useDelete.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      enabled: isAskedFor,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && isWorthAnother(error),
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

// Another key may see other things.
onSessionChange(() => queryClient.clear());

function isWorthAnother(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status === 503;
}
