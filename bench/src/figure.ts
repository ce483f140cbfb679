// One measured number. Printed as a line of JSON with --json, as a row of a table without.

export type Figure = {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** What the bare machine did in the same run, in the same unit. */
  limit?: number;
  /** value / limit. */
  ratio?: number;
};

/** What a bench is given. */
export type BenchOptions = {
  /** Executions (or rows, or items) instead of the default. */
  n?: number;
  /** Says what is going on; standard error. */
  note: (text: string) => void;
};

export type Bench = { about: string; run(options: BenchOptions): Promise<Figure[]> };

export function figureOf(bench: string, figure: string, value: number, unit: string, limit?: number): Figure {
  const own = { bench, figure, value: rounded(value), unit };
  return limit === undefined ? own : { ...own, limit: rounded(limit), ratio: rounded(value / limit) };
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ figure, value, unit, limit, ratio }) => [
    figure,
    `${value.toLocaleString("en")} ${unit}`,
    limit === undefined ? "" : `limit ${limit.toLocaleString("en")}, ratio ${ratio}`,
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length));
  const widths = [width(0), width(1)];
  return rows
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("   ")}`.trimEnd())
    .join("\n");
}

/** Four digits that mean something. */
function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
