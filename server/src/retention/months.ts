// Months as ranges of UUIDv7: the first 48 bits are milliseconds since 1970, so a month of executions is a range
// of ids, and partition bounds need no column but the id.

export type Month = { name: string; startMs: number; endMs: number; from: string; to: string };

export function monthOf(atMs: number): Month {
  const at = new Date(atMs);
  const startMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  const endMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  const name = new Date(startMs).toISOString().slice(0, 7).replace("-", "_");
  return { name, startMs, endMs, from: firstId(startMs), to: firstId(endMs) };
}

/** The smallest id a moment can have. */
export function firstId(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
