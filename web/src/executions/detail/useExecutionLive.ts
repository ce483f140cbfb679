// Keeps the page of one execution fresh: a turn says that something happened, the server says what it means. Asked for
// at once, and then no more often than the answer takes, so that a busy execution costs a steady little.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { executionKeys } from "../../api/executions.ts";
import { useLive } from "../../live/useLive.ts";

const PAUSE_MS = 300;

export function useExecutionLive(id: string): void {
  const client = useQueryClient();
  const state = useRef<{ isAsking: boolean; isDue: boolean; isGone: boolean }>({
    isAsking: false,
    isDue: false,
    isGone: false,
  });
  const ask = async (): Promise<void> => {
    const { current } = state;
    if (current.isAsking) {
      current.isDue = true;
      return;
    }
    current.isAsking = true;
    current.isDue = false;
    await client.invalidateQueries({ queryKey: executionKeys.one(id) });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    current.isAsking = false;
    if (current.isDue && !current.isGone) await ask();
  };
  useLive({ to: "execution", id }, () => void ask());

  // Nothing is asked for a page that is no longer shown.
  useEffect(() => {
    const { current } = state;
    current.isGone = false;
    return () => {
      current.isGone = true;
    };
  }, []);
}
