// What is shown is asked for again when the server says that it changed (src/live). This is for what changes by time alone
// and for what another process of the installation wrote: seldom enough to cost nothing.
export const SAFETY_NET_MS = 60_000;
