// What is shown is asked for again when the server says that it changed (src/live). This is for what changes by time alone
// and for what another process of the installation wrote: seldom enough to cost nothing.
export const SAFETY_NET_MS = 60_000;

/** Of a list that is read page by page: all of its pages are read again, so one of many pages waits as many times as long. */
export function safetyNetOfPages({
  state,
}: {
  state: { data: { pages: readonly unknown[] } | undefined };
}): number {
  return SAFETY_NET_MS * Math.max(1, state.data?.pages.length ?? 1);
}
