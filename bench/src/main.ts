// `npm run bench -- NAME... [--json] [--n NUMBER]`: measures and prints; without a name it lists what there is.
// `budgets` is those of the table of budgets (some six minutes on a quiet machine), `all` is every one.
// Every bench has a PostgreSQL of its own in a temporary folder and measures the bare machine in the same run.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benches, budgets } from "./benches/index.ts";
import { figureOf, tableOf } from "./figure.ts";
import { machineBusySeconds } from "./measure/processes.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, n: { type: "string" } },
});

const groups: Record<string, readonly string[]> = { all: Object.keys(benches), budgets };
const names = positionals.flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : [name]));
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (positionals.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(", ")}.`);
  const lines = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`);
  console.error(["npm run bench -- budgets|all|NAME... [--json] [--n NUMBER]", ...lines].join("\n"));
  process.exitCode = positionals.length === 0 ? 0 : 2;
} else {
  const note = (text: string) => console.error(`  ... ${text}`);
  for (const name of names) await measureSurely(name, note);
}

/** One that fails is said to have failed, and the others are measured all the same. */
async function measureSurely(name: string, note: (text: string) => void): Promise<void> {
  try {
    await measure(name, note);
  } catch (error) {
    console.error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

async function measure(name: string, note: (text: string) => void): Promise<void> {
  const bench = benches[name as keyof typeof benches];
  const n = values.n === undefined ? {} : { n: Number(values.n) };
  const [startedAt, busy] = [performance.now(), machineBusySeconds()];
  const figures = await bench.run({ ...n, note });
  const seconds = (performance.now() - startedAt) / 1000;
  const cores = (machineBusySeconds() - busy) / seconds;
  if (values.json) {
    // How busy the machine was belongs to every figure.
    const about = [
      figureOf(name, "seconds", seconds, "s"),
      figureOf(name, "cores_busy", cores, "cores"),
      figureOf(name, "load", loadavg()[0] ?? 0, "load average"),
    ];
    for (const figure of [...figures, ...about]) console.log(JSON.stringify(figure));
    return;
  }
  console.log(`${name}: ${bench.about}\n${tableOf(figures)}`);
  console.log(
    `  ${seconds.toFixed(0)} s, ${cores.toFixed(1)} cores busy, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}
