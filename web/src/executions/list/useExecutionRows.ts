// The rows of the list, live: what is shown is patched by the stream; whether new rows belong to this list only the
// server knows, so its newest page is asked for again: at once when the last time is long ago, at most once a second,
// only after something began or changed, and only when the last answer is there. Nothing is asked on a timer. While somebody reads further down, new rows wait and are counted.

import type { LiveTurn } from "@auraos/contract";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { ExecutionFilter } from "../../api/executions.ts";
import { request } from "../../api/request.ts";
import { useLive } from "../../live/useLive.ts";
import { countNew, mergeHead, type Rows } from "./mergeHead.ts";
import { patchRows } from "./patchRows.ts";

const PAGE = 100;
const GATHER_MS = 120;
const ASK_MS = 1_000;

export function useExecutionRows(filter: ExecutionFilter, isAtTop: boolean) {
  const client = useQueryClient();
  const queryKey = ["executionRows", filter];
  const list = JSON.stringify(filter);
  const [waiting, setWaiting] = useState(0);
  const gathered = useRef<LiveTurn[]>([]);
  const timers = useRef<{ flush?: Timer | undefined; ask?: Timer | undefined }>({});
  const asked = useRef({ atMs: Number.NEGATIVE_INFINITY, underWay: 0 });
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/executions", { query: { ...filter, after: pageParam, limit: PAGE }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  });

  const askHead = async (isWanted: boolean) => {
    const known = client.getQueryData<Rows>(queryKey);
    if (!known) return;
    asked.current.underWay += 1;
    const head = await request("get /api/v1/executions", { query: { ...filter, limit: PAGE } }).catch(
      () => undefined,
    );
    asked.current.underWay -= 1;
    if (!head) return;
    if (!isAtTop && !isWanted) return setWaiting(countNew(known, head));
    setWaiting(0);
    client.setQueryData<Rows>(queryKey, (rows) => rows && mergeHead(rows, head));
  };
  const askHeadNow = useEffectEvent(askHead);
  const askSoon = () => {
    const pauseMs = Math.max(GATHER_MS, asked.current.atMs + ASK_MS - performance.now());
    timers.current.ask ??= setTimeout(() => {
      timers.current.ask = undefined;
      if (asked.current.underWay > 0) return askSoon();
      asked.current.atMs = performance.now();
      void askHeadNow(false);
    }, pauseMs);
  };
  const flush = useEffectEvent(() => {
    timers.current.flush = undefined;
    const turns = gathered.current;
    gathered.current = [];
    client.setQueryData<Rows>(queryKey, (rows) => rows && patchRows(rows, turns));
  });

  useLive({ to: "all" }, (message) => {
    if (message.type === "turn") {
      gathered.current.push(message.turn);
      timers.current.flush ??= setTimeout(() => flush(), GATHER_MS);
    }
    askSoon();
  });

  // Rows kept from an earlier visit to these filters may be old.
  useEffect(() => {
    if (list !== "") void askHeadNow(true);
  }, [list]);

  // No timer may outlive the page.
  useEffect(() => {
    const kept = timers.current;
    return () => {
      clearTimeout(kept.flush);
      clearTimeout(kept.ask);
      kept.flush = undefined;
      kept.ask = undefined;
    };
  }, []);

  return { ...query, waiting, showWaiting: () => askHead(true) };
}

type Timer = ReturnType<typeof setTimeout>;
