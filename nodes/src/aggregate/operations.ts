// What `aggregate` can compute over the items of a group. Values that are missing or null are left out.
import type { Item, Json } from "@auraos/kernel";
import { divide, exactSum, round, toDecimal, toNumber } from "../decimal.ts";
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
  "median",
  "percentile",
  "standardDeviation",
  "join",
] as const;

type Wanted = {
  operation: (typeof operations)[number];
  field?: string | undefined;
  as: string;
  decimals?: number | undefined;
  percent?: number | undefined;
  separator?: string | undefined;
};

/** `places` are the items' places in the node's input, for error messages. */
export function operate(wanted: Wanted, items: readonly Item[], places: readonly number[]): Json {
  const { operation, field, decimals, separator = ", " } = wanted;
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
    case "median":
      return near(percentile(numbers(values, from, wanted), 50), decimals);
    case "percentile":
      return near(percentile(numbers(values, from, wanted), wanted.percent ?? 50), decimals);
    case "standardDeviation":
      return near(deviation(numbers(values, from, wanted)), decimals);
    case "join":
      return values
        .map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
        .join(separator);
  }
}

function near(value: number | null, decimals: number | undefined): number | null {
  return value === null || decimals === undefined ? value : toNumber(round(toDecimal(value), decimals));
}

/** Interpolated between neighbours, as PERCENTILE of spreadsheets and percentile_cont of SQL do. */
function percentile(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/** Of a sample (divided by n - 1), in two passes so that large values do not swallow small differences. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = toNumber(divide(exactSum(values), values.length));
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
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
