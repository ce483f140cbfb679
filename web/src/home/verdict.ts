// The sentence of the page as numbers. Pure: what is said and how it sounds follows from these alone.
type Step = { count: number; failures: number };

export type Mood = "quiet" | "flowing" | "failing" | "stuck";
export type Summary = { count: number; failures: number; share: number; mood: Mood };

/** From here on failures are the news. */
const FAILING_SHARE = 0.05;

export function summarise(steps: readonly Step[]): Summary {
  const count = steps.reduce((sum, step) => sum + step.count, 0);
  const failures = steps.reduce((sum, step) => sum + step.failures, 0);
  const share = count === 0 ? 1 : (count - failures) / count;
  return { count, failures, share, mood: moodOf(count, failures) };
}

function moodOf(count: number, failures: number): Mood {
  if (count === 0) return "quiet";
  if (failures === count) return "stuck";
  return failures / count >= FAILING_SHARE ? "failing" : "flowing";
}
