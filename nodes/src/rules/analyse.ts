// What is wrong with a table as such, each with an example that shows it: rules that overlap, cases without a rule,
// rules that are never reached. Exact, because the representatives of a column stand for all its values.
import type { Test, Value } from "./cells.ts";

/** `fits[rule][column]`: which of the column's values fit, one bit each. */
export type Table = { values: Value[][]; fits: bigint[][] };

export type Finding =
  | { kind: "overlap"; rules: [number, number]; example: Value[] }
  /** By the first rule, or by itself when it fits nothing at all. */
  | { kind: "unreachable"; rules: [number, number] }
  | { kind: "gap"; example: Value[] };

/** Work of the search for gaps; a table that needs more counts as not looked at. */
const workMax = 5_000_000;

export function makeTable(tests: Test[][], values: Value[][]): Table {
  const fits = tests.map((rule) =>
    values.map((choices, column) =>
      choices.reduce(
        (bits, value, place) => (rule[column]?.(value) ? bits | (1n << BigInt(place)) : bits),
        0n,
      ),
    ),
  );
  return { values, fits };
}

/** Columns are independent, so two rules overlap when in every column some value fits both. */
export function overlaps({ values, fits }: Table): Finding[] {
  const found: Finding[] = [];
  for (let second = 1; second < fits.length; second++) {
    for (let first = 0; first < second; first++) {
      const common = values.map(
        (_, column) => (fits[first]?.[column] ?? 0n) & (fits[second]?.[column] ?? 0n),
      );
      if (common.includes(0n)) continue;
      const example = common.map((bits, column) => values[column]?.[lowest(bits)] ?? null);
      found.push({ kind: "overlap", rules: [first, second], example });
    }
  }
  return found;
}

function lowest(bits: bigint): number {
  let place = 0;
  while (((bits >> BigInt(place)) & 1n) === 0n) place += 1;
  return place;
}

/** A rule is never reached when an earlier one takes all it could take, or when it fits nothing. */
export function unreachable({ fits }: Table): Finding[] {
  return fits.flatMap((rule, second): Finding[] => {
    if (rule.includes(0n)) return [{ kind: "unreachable", rules: [second, second] }];
    const first = fits
      .slice(0, second)
      .findIndex((earlier) => rule.every((bits, column) => (bits & ~(earlier[column] ?? 0n)) === 0n));
    return first < 0 ? [] : [{ kind: "unreachable", rules: [first, second] }];
  });
}

/** The first case without a rule; `unknown` when the table is too large to tell. */
export function gap({ values, fits }: Table): Finding | "none" | "unknown" {
  let work = 0;
  const example: Value[] = [];
  const answer = search(
    0,
    fits.map((_, index) => index),
  );
  if (answer === "unknown") return "unknown";
  return answer ? { kind: "gap", example } : "none";

  /** `alive`: rules that fit the values chosen so far. */
  function search(column: number, alive: number[]): boolean | "unknown" {
    const choices = values[column];
    if (choices === undefined) return alive.length === 0;
    if (alive.length === 0) {
      example.push(...values.slice(column).map((rest) => rest[0] ?? null));
      return true;
    }
    work += alive.length * choices.length;
    if (work > workMax) return "unknown";
    const seen = new Set<string>();
    for (const [place, value] of choices.entries()) {
      const left = alive.filter((rule) => (((fits[rule]?.[column] ?? 0n) >> BigInt(place)) & 1n) === 1n);
      // Values that leave the same rules lead to the same answer.
      const key = left.join();
      if (seen.has(key)) continue;
      seen.add(key);
      example.push(value);
      const found = search(column + 1, left);
      if (found !== false) return found;
      example.pop();
    }
    return false;
  }
}
