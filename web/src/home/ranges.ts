// The three looks at the past, with the length of a bar in each: enough bars to see a shape, few enough to read one.
export const homeRanges = {
  "1h": { ms: 3_600_000, stepSeconds: 120 },
  "24h": { ms: 86_400_000, stepSeconds: 1_800 },
  "7d": { ms: 604_800_000, stepSeconds: 14_400 },
} as const;

export type HomeRange = keyof typeof homeRanges;

export function rangeOf(text: string | null): HomeRange {
  return text !== null && Object.hasOwn(homeRanges, text) ? (text as HomeRange) : "24h";
}

/** Bounds on whole steps, so that a bar is always the same stretch of time. */
export function boundsOf(range: HomeRange, nowMs: number): { from: string; to: string } {
  const { ms, stepSeconds } = homeRanges[range];
  const stepMs = stepSeconds * 1_000;
  // The step that has just begun counts too.
  const toMs = (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { from: new Date(toMs - ms).toISOString(), to: new Date(toMs).toISOString() };
}
