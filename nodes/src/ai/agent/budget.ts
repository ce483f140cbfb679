// The caps of an agent on tokens and money. Before each call of the model it is reckoned what reading the
// conversation will take at most, and the answer is bounded to what is left: a cap is not passed knowingly.
import { ActivityError } from "../../defineNode.ts";
import type { ModelConfig } from "../modelFields.ts";
import { costOf, estimateTokens, type Usage } from "../usage.ts";

type Caps = Pick<ModelConfig, "prices" | "maxTokens"> & { tokensMax: number; costMax?: number | undefined };

/** An answer that may not have this many tokens is not worth asking for. */
const answerMin = 16;
/** Models refuse a bound that is higher than what they can write. */
const answerMaxDefault = 4000;

/** Tokens that the next answer may have. */
export function answerRoom(caps: Caps, usage: Usage, request: string): number {
  const input = estimateTokens(request);
  const byTokens = caps.tokensMax - usage.inputTokens - usage.outputTokens - input;
  if (byTokens < answerMin) throw capReached("AI_TOKENS_MAX", "tokensMax", `${caps.tokensMax} tokens`);
  const byCost = costRoom(caps, usage, input);
  if (byCost < answerMin) throw capReached("AI_COST_MAX", "costMax", `a cost of ${caps.costMax}`);
  return Math.min(byTokens, byCost, longestAnswer(caps));
}

export function longestAnswer({ maxTokens }: Caps): number {
  return maxTokens ?? answerMaxDefault;
}

/** An answer that a cap has cut short. */
export function capOf(caps: Caps, usage: Usage): ActivityError {
  const left = caps.tokensMax - usage.inputTokens - usage.outputTokens;
  return caps.costMax !== undefined && costRoom(caps, usage, 0) < left
    ? capReached("AI_COST_MAX", "costMax", `a cost of ${caps.costMax}`)
    : capReached("AI_TOKENS_MAX", "tokensMax", `${caps.tokensMax} tokens`);
}

function capReached(code: string, field: string, bound: string): ActivityError {
  return new ActivityError({
    code,
    class: "limit",
    message: `The agent may spend ${bound}, and that is not enough to go on.`,
    remedy: `Raise ${field}, ask for less, or let the tools give shorter results.`,
    certainty: "notDone",
    field,
  });
}

function costRoom({ prices, costMax }: Caps, usage: Usage, input: number): number {
  if (costMax === undefined || prices === undefined) return Number.POSITIVE_INFINITY;
  const left = costMax - (usage.cost ?? 0) - costOf(prices, input, 0);
  if (left < 0) return 0;
  return prices.outputPerMillion === 0
    ? Number.POSITIVE_INFINITY
    : Math.floor((left * 1_000_000) / prices.outputPerMillion);
}
