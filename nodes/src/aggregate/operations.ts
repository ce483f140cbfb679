// What `aggregate` can compute over the items of a group. Values that are missing or null are left out.
import type { Item, Json } from "@auraos/kernel";
import { divide, exactSum, round, toNumber } from "../decimal.ts";
import { valueKey } from "../keys.ts";
import { getPath } from "../paths.ts";
import { show, wrongData } from "../readConfig.ts";

export const operations = [
  "count",
  "sum",
  "average",
  "min",
  "max",
  "first",
  "last",
  "list",
  "unique",
] as const;

type Wanted = {
  operation: (typeof operations)[number];
  field?: string | undefined;
  as: string;
  decimals?: number | undefined;
};

/** `places` are the items' places in the node's input, for error messages. */
export function operate(wanted: Wanted, items: readonly Item[], places: readonly number[]): Json {
  const { operation, field, decimals } = wanted;
  if (operation === "count" && field === undefined) return items.length;

  const values: Json[] = [];
  const from: number[] = [];
  items.forEach((item, index) => {
    const value = field === undefined ? item.json : getPath(item.json, field);
    if (value === undefined || value === null) return;
    values.push(value);
    from.push(places[index] ?? index);
  });

  switch (operation) {
    case "count":
      return values.length;
    case "first":
      return values[0] ?? null;
    case "last":
      return values.at(-1) ?? null;
    case "list":
      return values;
    case "unique":
      return [...new Map(values.map((value) => [valueKey(value), value])).values()];
    case "min":
      return extreme(values, from, wanted, (a, b) => a < b);
    case "max":
      return extreme(values, from, wanted, (a, b) => a > b);
    case "sum":
      return toNumber(rounded(exactSum(numbers(values, from, wanted)), decimals));
    case "average": {
      const all = numbers(values, from, wanted);
      return all.length === 0 ? null : toNumber(rounded(divide(exactSum(all), all.length), decimals));
    }
  }
}

function rounded(
  value: ReturnType<typeof exactSum>,
  decimals: number | undefined,
): ReturnType<typeof exactSum> {
  return decimals === undefined ? value : round(value, decimals);
}

function numbers(values: readonly Json[], from: readonly number[], wanted: Wanted): number[] {
  return values.map((value, index) => {
    if (typeof value === "number") return value;
    throw wrongData(
      `"${wanted.field ?? ""}" of item ${from[index] ?? 0} is ${show(value)}, so there is no ${wanted.operation}.`,
      "Make numbers of it first: Number(...) in a template, or types in the CSV step.",
    );
  });
}

/** Smallest or largest of numbers, or of texts; ISO dates compare right as text. */
function extreme(
  values: readonly Json[],
  from: readonly number[],
  wanted: Wanted,
  wins: (a: number | string, b: number | string) => boolean,
): Json {
  let best: number | string | null = null;
  values.forEach((value, index) => {
    const isComparable = typeof value === "number" || typeof value === "string";
    if (!isComparable || (best !== null && typeof best !== typeof value)) {
      throw wrongData(
        `"${wanted.field ?? ""}" of item ${from[index] ?? 0} is ${show(value)}, which cannot be compared with the others.`,
      );
    }
    if (best === null || wins(value, best)) best = value;
  });
  return best;
}
