// Everything the page says, asked for once and again when the live stream says that something ended, began or waits
// (the keys are those that src/live/patchCache.ts and this file ask again).
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { executionKeys, useWaits } from "../api/executions.ts";
import { useLimits } from "../api/limits.ts";
import { platformKeys } from "../api/platform.ts";
import { request } from "../api/request.ts";
import { useAskAgain } from "../live/useAskAgain.ts";
import { useLive } from "../live/useLive.ts";
import { useNow } from "../ui/useNow.ts";
import { boundsOf, type HomeRange, homeRanges } from "./ranges.ts";

const ASK_MS = 2_000;
const RUNNING_SHOWN = 8;

export function useHome(range: HomeRange) {
  const { stepSeconds } = homeRanges[range];
  const nowMs = useNow(60_000);
  const bounds = boundsOf(range, nowMs);
  const time = useKeptStats({ by: "time", stepSeconds, ...bounds });
  const workflows = useKeptStats({ by: "workflow", ...bounds });
  const causes = useQuery({
    queryKey: ["stats", "failures", bounds],
    queryFn: ({ signal }) =>
      request("get /api/v1/stats/failures", { query: { ...bounds, limit: 6 }, signal }),
    placeholderData: keepPreviousData,
  });
  const running = useQuery({
    queryKey: [...executionKeys.waits, "running"],
    queryFn: ({ signal }) =>
      request("get /api/v1/executions", {
        query: { status: "running,paused", limit: RUNNING_SHOWN },
        signal,
      }),
  });
  const parked = useQuery({
    queryKey: [...executionKeys.waits, "parked"],
    queryFn: ({ signal }) =>
      request("get /api/v1/executions", { query: { status: "parked", limit: 20 }, signal }),
  });
  const waits = useWaits();
  const limits = useLimits();
  useFollow();
  return { time, workflows, causes, running, parked, waits, limits };
}

/** The old numbers stay until the new ones are there, so that the page does not jump when the range changes. */
function useKeptStats(query: Parameters<typeof platformKeys.stats>[0]) {
  return useQuery({
    queryKey: platformKeys.stats(query),
    queryFn: ({ signal }) => request("get /api/v1/stats", { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** What began or ended changes what runs now. */
function useFollow(): void {
  const askAgain = useAskAgain(ASK_MS);
  useLive({ to: "all" }, () => {
    askAgain(executionKeys.waits);
    askAgain(["stats"]);
  });
}
