// When the next backup is due: at times of the day, UTC. A time that passed while the server was down is caught up once.
const DAY_MS = 86_400_000;

/** The last of the times that is not after now. */
export function lastTimeBefore(times: readonly string[], nowMs: number): number {
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const today = times.map((time) => midnight + offsetOf(time));
  return Math.max(...[...today, ...today.map((at) => at - DAY_MS)].filter((at) => at <= nowMs));
}

export function nextTimeAfter(times: readonly string[], nowMs: number): number {
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const today = times.map((time) => midnight + offsetOf(time));
  return Math.min(...[...today, ...today.map((at) => at + DAY_MS)].filter((at) => at > nowMs));
}

/** Is it time? `lastMs`: when it was done last; never counts as long ago. */
export function isDue(times: readonly string[], lastMs: number | undefined, nowMs: number): boolean {
  return times.length > 0 && (lastMs ?? 0) < lastTimeBefore(times, nowMs);
}

/** 02:30 in milliseconds. */
function offsetOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}
