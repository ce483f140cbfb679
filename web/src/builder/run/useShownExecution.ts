// The execution that the builder shows, followed while it runs: every committed turn asks for the timeline again, a
// few times a second at most.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { executionKeys, executionQuery } from "../../api/executions.ts";
import { SAFETY_NET_MS } from "../../api/safetyNet.ts";
import { useLive } from "../../live/useLive.ts";
import { useBuilderState } from "../state/BuilderContext.tsx";
import type { Execution } from "./nodeStates.ts";

const ASK_MS = 250;
const ended = new Set(["succeeded", "failed", "cancelled", "terminated"]);

export function isEnded(execution: Execution | undefined): boolean {
  return execution !== undefined && ended.has(execution.status);
}

export function useShownExecution(): Execution | undefined {
  const id = useBuilderState((state) => state.executionId);
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { data } = useQuery({
    ...executionQuery(id ?? ""),
    enabled: id !== null,
    // The stream says when to look.
    refetchInterval: (query) => (isSettled(query.state.data) ? false : SAFETY_NET_MS),
  });
  const ask = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (id !== null) void client.invalidateQueries({ queryKey: executionKeys.one(id) });
    }, ASK_MS);
  };
  useLive(id === null ? undefined : { to: "execution", id }, ask);

  // A timer must not outlive the page.
  useEffect(() => () => clearTimeout(timer.current), []);

  return id === null ? undefined : data;
}

/** The stream writes the status into the cache at once; the timeline comes with the next answer. */
function isSettled(execution: Execution | undefined): boolean {
  return isEnded(execution) && !execution?.timeline.some((run) => run.status === "running");
}
