// Counts tokens and money over the calls of one node run. A server that tells no numbers is estimated, and the
// result says so, because a cap that counts nothing protects nobody.
import { isObject } from "@auraos/kernel";
import type { ModelConfig } from "./modelFields.ts";

export type Usage = {
  inputTokens: number;
  outputTokens: number;
  /** Calls of the model. */
  calls: number;
  cost?: number;
  estimated?: true;
};

export type Meter = {
  /** Counts one call, and tells what it took. */
  add(told: unknown, sent: string, written: string): Usage;
  /** Counts what was told before. */
  count(usage: Usage): void;
  read(): Usage;
  /** Of a call that took nothing. */
  none: Usage;
};

export function createMeter(prices: ModelConfig["prices"]): Meter {
  const total = { inputTokens: 0, outputTokens: 0, calls: 0 };
  let isEstimated = false;
  const meter: Meter = {
    add(told, sent, written) {
      const input = isObject(told) ? count(told.prompt_tokens) : undefined;
      const output = isObject(told) ? count(told.completion_tokens) : undefined;
      const usage: Usage = {
        inputTokens: input ?? estimateTokens(sent),
        outputTokens: output ?? estimateTokens(written),
        calls: 1,
        ...(input === undefined || output === undefined ? { estimated: true } : {}),
      };
      meter.count(usage);
      return prices ? { ...usage, cost: costOf(prices, usage.inputTokens, usage.outputTokens) } : usage;
    },
    count(usage) {
      total.inputTokens += usage.inputTokens;
      total.outputTokens += usage.outputTokens;
      total.calls += usage.calls;
      if (usage.estimated) isEstimated = true;
    },
    read() {
      const usage: Usage = { ...total };
      if (prices) usage.cost = costOf(prices, total.inputTokens, total.outputTokens);
      if (isEstimated) usage.estimated = true;
      return usage;
    },
    none: { inputTokens: 0, outputTokens: 0, calls: 0 },
  };
  return meter;
}

export function costOf(
  prices: NonNullable<ModelConfig["prices"]>,
  inputTokens: number,
  outputTokens: number,
): number {
  const cost = (inputTokens * prices.inputPerMillion + outputTokens * prices.outputPerMillion) / 1_000_000;
  return Number(cost.toFixed(10));
}

/** On the high side for most languages: a token is about four letters, or one Chinese character of three bytes. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
