// `npm run bench -- NAME... [--json] [--n NUMBER]`: measures and prints; without a name it lists what there is.
// Every bench has a PostgreSQL of its own in a temporary folder and measures the bare machine in the same run.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benches } from "./benches/index.ts";
import { tableOf } from "./figure.ts";
import { machineBusySeconds } from "./measure/processes.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, n: { type: "string" } },
});

const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (positionals.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(", ")}.`);
  const names = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`);
  console.error(["npm run bench -- NAME... [--json] [--n NUMBER]", ...names].join("\n"));
  process.exitCode = positionals.length === 0 ? 0 : 2;
} else {
  const note = (text: string) => console.error(`  ... ${text}`);
  for (const name of positionals) await measure(name, note);
}

async function measure(name: string, note: (text: string) => void): Promise<void> {
  const bench = benches[name as keyof typeof benches];
  const n = values.n === undefined ? {} : { n: Number(values.n) };
  const [startedAt, busy] = [performance.now(), machineBusySeconds()];
  const figures = await bench.run({ ...n, note });
  if (values.json) {
    for (const figure of figures) console.log(JSON.stringify(figure));
    return;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const cores = (machineBusySeconds() - busy) / seconds;
  console.log(`${name}: ${bench.about}\n${tableOf(figures)}`);
  console.log(
    `  ${seconds.toFixed(0)} s, ${cores.toFixed(1)} cores busy, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}
