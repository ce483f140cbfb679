// What an execution used of models, summed from the facts: tokens in and out, and money in millionths of a unit.
// Written in its row at the end, so that lists and reports need not read histories.
import type { Fact, JsonObject } from "@auraos/kernel";

export type Usage = { tokensIn: number; tokensOut: number; costMicros: number };

/** `total` grown by what the fact says; null as long as nothing was used. */
export function withUsageOf(fact: Fact, total: Usage | null): Usage | null {
  if (fact.t !== "ActivityProgressed") return total;
  const usage = usageIn(fact.entry);
  if (usage === undefined) return total;
  const { tokensIn, tokensOut, costMicros } = total ?? { tokensIn: 0, tokensOut: 0, costMicros: 0 };
  return {
    tokensIn: tokensIn + whole(usage.inputTokens),
    tokensOut: tokensOut + whole(usage.outputTokens),
    costMicros: costMicros + whole(typeof usage.cost === "number" ? usage.cost * 1_000_000 : 0),
  };
}

function usageIn(entry: unknown): JsonObject | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { usage } = entry as { usage?: unknown };
  return typeof usage === "object" && usage !== null && !Array.isArray(usage)
    ? (usage as JsonObject)
    : undefined;
}

/** What a step says of itself may be anything. */
function whole(value: unknown): number {
  return typeof value === "number" && value > 0 && value < Number.MAX_SAFE_INTEGER ? Math.round(value) : 0;
}
