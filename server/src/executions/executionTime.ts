// Execution ids are UUIDv7: their first 48 bits are the time of the start, so ids are places in time.

export function startedMsOf(executionId: string): number {
  return Number.parseInt(executionId.slice(0, 8) + executionId.slice(9, 13), 16);
}

/** The smallest id of executions started at `atMs` or later. */
export function firstIdAt(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
