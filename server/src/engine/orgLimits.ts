// Whether an organization may begin something new: its open executions, and what it journals a second.
import type { StartResult } from "./engine.types.ts";
import { hasPlace } from "./openCounts.ts";
import { waitMs } from "./orgRates.ts";
import { limitsOf, type Reign } from "./reign.ts";

export async function refusedByOrg(reign: Reign, orgId: string): Promise<StartResult | null> {
  const limits = limitsOf(reign, orgId);
  const waiting = waitMs(reign.rates, orgId, limits, reign.deps.clock.monotonic());
  if (waiting > 0)
    return {
      kind: "refused",
      code: "ORGANIZATION_RATE_LIMIT",
      message: `The organization did more than its limit allows (${rateText(limits)}).`,
      remedy: `Try again in ${Math.ceil(waiting / 1000)} s, or have the operator raise the limit.`,
    };
  if (await hasPlace(reign, orgId)) return null;
  return {
    kind: "refused",
    code: "OPEN_EXECUTIONS_LIMIT",
    message: `The organization has ${limits.openExecutionsMax} open executions, which is its limit.`,
    remedy: "Wait for some to end, cancel those that are not needed, or raise the limit.",
  };
}

function rateText(limits: { turnsPerSecondMax: number; bytesPerSecondMax: number }): string {
  const { turnsPerSecondMax: turns, bytesPerSecondMax: bytes } = limits;
  const texts = [];
  if (Number.isFinite(turns)) texts.push(`${turns} turns a second`);
  if (Number.isFinite(bytes)) texts.push(`${bytes} bytes a second`);
  return texts.join(", ");
}
