// Tables at size: a million rows of CSV through each step of "Transform rows", in a process of its own, to a file. What
// counts is that memory stays flat (256 MiB is the budget, the program itself included); then rows per second.
import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";

const NAME = "data";
const ROWS = 1_000_000;
/** So many times the rows make 200 MB of a million. */
const LARGER = 3.4;
const MIB = 1024 * 1024;
const BUDGET_MIB = 256;
const script = join(import.meta.dirname, "../data/runRows.worker.ts");

const filter = { do: "filter", conditions: [{ field: "amount", operator: "greater", value: 500 }] };
const join_ = { do: "join", file: "other", on: [{ field: "customer", other: "id" }], take: ["country"] };
const aggregate = {
  do: "aggregate",
  groupBy: ["customer"],
  fields: [
    { operation: "count", as: "orders" },
    { operation: "sum", field: "amount", as: "revenue" },
  ],
};
const dedupe = { do: "dedupe", fields: ["email"] };
const sort = { do: "sort", by: [{ field: "amount", order: "descending" }, { field: "id" }] };

const jobs: Record<string, object[]> = {
  copy: [],
  filter: [filter],
  join: [join_],
  aggregate: [aggregate],
  dedupe: [dedupe],
  sort: [sort],
  all_five: [filter, join_, dedupe, sort, { ...aggregate, groupBy: ["country"] }],
};

export const data: Bench = {
  about: "A million rows through filter, join, aggregate, dedupe and sort: rows/s and peak memory.",
  run: ({ n = ROWS, note }) =>
    withFolder(async (folder) => {
      await write(join(folder, "rows.csv"), rows(n));
      // A tenth of the rows: more than a join holds in memory, so it goes to disk as well.
      await write(join(folder, "other.csv"), others(Math.ceil(n / 10)));
      const figures: Figure[] = [];
      for (const [name, steps] of Object.entries(jobs)) {
        note(name);
        const made = await run(folder, { types: "infer", steps, output: "csv" });
        figures.push(
          figureOf(NAME, `${name}_rows`, n / made.seconds, "rows/s"),
          figureOf(NAME, `${name}_peak`, made.peakBytes / MIB, "MiB", BUDGET_MIB),
        );
      }
      // 200 MB: what counts is that the peak is that of the million.
      const large = Math.ceil(n * LARGER);
      note("200 MB");
      await write(join(folder, "rows.csv"), rows(large));
      const made = await run(folder, { types: "infer", steps: [filter, aggregate], output: "csv" });
      figures.push(
        figureOf(NAME, "large_rows", large / made.seconds, "rows/s"),
        figureOf(NAME, "large_peak", made.peakBytes / MIB, "MiB", BUDGET_MIB),
      );
      return figures;
    }),
};

async function run(folder: string, config: object): Promise<{ seconds: number; peakBytes: number }> {
  const args = [
    "--max-semi-space-size=8",
    "--max-old-space-size=160",
    script,
    folder,
    JSON.stringify(config),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MIB });
  return JSON.parse(stdout) as { seconds: number; peakBytes: number };
}

function write(path: string, lines: Iterable<string>): Promise<void> {
  return pipeline(Readable.from(lines), createWriteStream(path));
}

/** In a fixed order that looks like none; every tenth e-mail comes twice. */
function* rows(count: number): Generator<string> {
  yield "id,customer,email,status,amount,placed\n";
  let text = "";
  for (let id = 0; id < count; id += 1) {
    const mixed = (id * 2_654_435_761) % 4_294_967_296;
    const person = id % 10 === 0 ? (id + 10) % count : id;
    text += `${id},c${mixed % Math.ceil(count / 10)},person${person}@example.com,${mixed % 3 === 0 ? "open" : "paid"},${(mixed % 100_000) / 100},2026-01-${String((mixed % 28) + 1).padStart(2, "0")}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

function* others(count: number): Generator<string> {
  yield "id,name,country,note\n";
  for (let id = 0; id < count; id += 1)
    yield `c${id},Customer number ${id},${["EG", "NO", "DE", "JP"][id % 4]},${"kept since 2019 ".repeat(4)}\n`;
}
