// Asking again while a component is shown (askAgain.ts); what it still had to ask for goes with it.
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { type AskAgain, createAskAgain } from "./askAgain.ts";

/** @param pauseMs between two readings of the same, at least. */
export function useAskAgain(pauseMs: number): AskAgain {
  const client = useQueryClient();
  const current = useRef<AskAgain | undefined>(undefined);
  // Its timers end with the component.
  useEffect(() => {
    const [ask, end] = createAskAgain(client, pauseMs);
    current.current = ask;
    return () => {
      current.current = undefined;
      end();
    };
  }, [client, pauseMs]);
  return useCallback((key: QueryKey) => current.current?.(key), []);
}
