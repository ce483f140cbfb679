// The limits that everything else is compared with: what PostgreSQL commits on this disk from one Node process.
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { measureRawRows, ROWS_PER_INSERT } from "../measure/rawRows.ts";
import { withDatabase } from "../measure/scratch.ts";

/** As long as the body of a turn of one step (measured by effect-steps). */
const BODY_BYTES = 260;
const MS = 4_000;

export const rawInsert: Bench = {
  about: "Rows and commits of PostgreSQL without an engine.",
  run: async ({ note }) =>
    withDatabase(async ({ url }) => {
      const shapes = [
        { figure: "batches_1_connection", connections: 1, rowsPerInsert: ROWS_PER_INSERT, unit: "rows/s" },
        { figure: "batches_2_connections", connections: 2, rowsPerInsert: ROWS_PER_INSERT, unit: "rows/s" },
        { figure: "single_1_connection", connections: 1, rowsPerInsert: 1, unit: "commits/s" },
        { figure: "single_16_connections", connections: 16, rowsPerInsert: 1, unit: "commits/s" },
      ];
      const figures = [];
      for (const { figure, unit, ...shape } of shapes) {
        note(figure);
        const { rowsPerSecond } = await measureRawRows(url, { bodyBytes: BODY_BYTES, ms: MS, ...shape });
        figures.push(figureOf("raw-insert", figure, rowsPerSecond, unit));
      }
      return figures;
    }),
};
