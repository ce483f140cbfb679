// `npm run prove`: the large run. A million simulated executions in blocks of seeds, every planted bug, then real
// processes that are really killed (sim/src/kills/). The figures go to their part of docs/proof.md.
//   npm run prove -- --executions 1000000 --seed 1
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { parseArgs } from "node:util";
import { type FiftyResult, proveFiftyNodes } from "./kills/proveFiftyNodes.ts";
import { type KillResult, proveKills } from "./kills/proveKills.ts";
import { proveWorkers, type WorkerKills } from "./kills/proveWorkers.ts";
import type { Verdict } from "./kills/verdict.ts";
import { runPlanted } from "./planted/run.ts";
import { type Counts, type Figures, runSeed } from "./run.ts";
import type { ServiceBlock } from "./services/blocks.worker.ts";
import type { ServiceCounts, ServiceFigures } from "./services/run.ts";

/** Executions of one block: each has a seed of its own, so that a failing one is quickly found again. */
const BLOCK = 50_000;
/** A workflow of fifty nodes, so many times, and how often its server is killed meanwhile. */
const FIFTY_TIMES = 100;
const FIFTY_KILLS = 20;
/** Workers killed while the server stays up. */
const WORKER_KILLS = 100;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    executions: { type: "string", default: "1000000" },
    /** Of what starts by itself. */
    services: { type: "string", default: "100000" },
    /** Real kills. */
    kills: { type: "string", default: "200" },
    /** Leaves the real kills out. */
    simulated: { type: "boolean", default: false },
  },
});

type Block = { seed: string; counts: Counts; figures: Figures };

const say = (line: string): void => console.error(line);
const [blocks, services] = await Promise.all([
  simulate(Number(values.executions)),
  simulateServices(Number(values.services)),
]);
const planted = await runPlanted();
const real = values.simulated ? null : await killForReal(Number(values.kills));
writeDown(report(blocks, services, planted, real));
const isSound =
  blocks.every(({ counts }) => counts.lost + counts.duplicated + counts.illegal === 0) &&
  services.every(({ counts }) => counts.lost + counts.duplicated + counts.illegal === 0) &&
  planted.planted === planted.caught &&
  (real === null || [real.kills, real.fifty, real.workers].every(isClean));
console.log(JSON.stringify({ ...sum(blocks), planted: planted.planted, caught: planted.caught, isSound }));
process.exitCode = isSound ? 0 : 1;

async function simulate(executions: number): Promise<Block[]> {
  const done: Block[] = [];
  for (let left = executions, at = 0; left > 0; at++) {
    const seed = `${values.seed}.${at}`;
    const { counts, figures } = await runSeed({ seed, executions: Math.min(BLOCK, left), say });
    done.push({ seed, counts, figures });
    left -= counts.executions;
    say(`seed ${seed}: ${JSON.stringify(counts)}`);
  }
  return done;
}

/** Schedules, event bus, tasks and pools over a real database, under virtual time: on the other core. */
async function simulateServices(executions: number): Promise<ServiceBlock[]> {
  const done: ServiceBlock[] = [];
  const program = new URL("./services/blocks.worker.ts", import.meta.url);
  const child = fork(program, [String(values.seed), String(executions)]);
  child.on("message", (block: ServiceBlock) => {
    done.push(block);
    say(`services, seed ${block.seed}: ${JSON.stringify(block.counts)}`);
  });
  const [[code]] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  if (code !== 0) throw new Error(`the simulation of the services ended with code ${code}`);
  return done;
}

type Real = { kills: KillResult; fifty: FiftyResult; workers: WorkerKills };

/** The product as it is started by everybody, killed for real; and a long workflow, many times over. */
async function killForReal(count: number): Promise<Real> {
  const options = { seed: String(values.seed), say };
  return {
    kills: await proveKills(count, options),
    fifty: await proveFiftyNodes(FIFTY_TIMES, FIFTY_KILLS, options),
    workers: await proveWorkers(WORKER_KILLS, options),
  };
}

function sum(all: readonly Block[]): Counts {
  const total: Counts = { executions: 0, crashes: 0, lost: 0, duplicated: 0, illegal: 0, seconds: 0 };
  for (const { counts } of all)
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
  total.seconds = Math.round(total.seconds);
  return total;
}

function report(
  all: readonly Block[],
  services: readonly ServiceBlock[],
  bugs: { planted: number; caught: number },
  real: Real | null,
): string {
  const total = sum(all);
  const figure = (key: keyof Figures): number => all.reduce((count, { figures }) => count + figures[key], 0);
  const number = (value: number): string => Math.round(value).toLocaleString("en-US");
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return `## The last whole run

Written by \`npm run prove\`, which replaces this part and leaves the others.

| | |
|---|---|
| Date | ${new Date().toISOString().slice(0, 10)} |
| Version | ${version} |
| Machine | ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${number(totalmem() / 2 ** 30)} GiB, ${type()} ${release()} |
| Node.js | ${process.version} |

### Simulated executions

The engine of the product over a simulated world: storage, clock, services and clients are played from a seed, and the
faults are crashes at every call and commit edge, lost and late answers, takeovers, machines that stand still, clock jumps,
failing services and people who interfere. Each story is checked against the guarantees, and its outputs against an
independent model.

| | |
|---|---|
| Seeds | \`${all[0]?.seed ?? ""}\` to \`${all.at(-1)?.seed ?? ""}\` |
| Executions | ${number(total.executions)} in ${number(figure("stories"))} stories |
| Engine crashes | ${number(total.crashes)}, met by ${number(figure("interrupted"))} open executions |
| Turns committed | ${number(figure("turns"))} |
| Calls to services | ${number(figure("calls"))} |
| Simulated time | ${number(figure("virtualMs") / 3_600_000)} hours |
| Compared with the model | ${number(figure("compared"))} executions |
| Lost | ${total.lost} |
| Duplicated | ${total.duplicated} |
| Illegal | ${total.illegal} |
| Duration | ${number(total.seconds)} s (${number(total.executions / Math.max(1, total.seconds))} executions/s on one core) |

One block again: \`npm run sim -- --seed ${all[0]?.seed ?? "1.0"} --executions ${BLOCK}\`.

### What starts by itself

${servicesTable(services)}

### Planted bugs

${bugs.caught} of ${bugs.planted} bugs planted into engine, kernel, store and services were caught (\`npm run sim -- --planted\`).

### Real kills

${real === null ? "Not run this time." : killTable(real)}
`;
}

/** Between its marks in docs/proof.md; what people wrote around them stays. */
function writeDown(text: string): void {
  const file = new URL("../../docs/proof.md", import.meta.url);
  const [begin, end] = ["<!-- npm run prove -->", "<!-- end of npm run prove -->"];
  const page = readFileSync(file, "utf8");
  const [before = "", rest = ""] = page.split(begin);
  const after = rest.split(end)[1] ?? "";
  writeFileSync(file, `${before.trimEnd()}\n\n${begin}\n${text.trim()}\n${end}\n${after}`);
}

function servicesTable(blocks: readonly ServiceBlock[]): string {
  const count = (key: keyof ServiceCounts): number =>
    blocks.reduce((sum, { counts }) => sum + counts[key], 0);
  const figure = (key: keyof ServiceFigures): number =>
    blocks.reduce((sum, { figures }) => sum + figures[key], 0);
  const number = (value: number): string => Math.round(value).toLocaleString("en-US");
  return `Scheduler, event bus, runner of tasks and pools as they are, with their SQL on a real PostgreSQL, under virtual time: only
the end of executions is played. Faults: crashes at every statement and start, lost and late answers, two leaders at once,
slow and absent storage, clocks set back and forward, downtimes of up to a month.

| | |
|---|---|
| Executions that started by themselves | ${number(count("executions"))} in ${number(figure("stories"))} stories |
| Fires of schedules, events, runs of tasks | ${number(figure("fires"))}, ${number(figure("events"))}, ${number(figure("runs"))} |
| Crashes, takeovers | ${number(count("crashes"))}, ${number(figure("takeovers"))} |
| Statements | ${number(figure("statements"))} |
| Lost | ${count("lost")} |
| Duplicated | ${count("duplicated")} |
| Illegal | ${count("illegal")} |
| Duration | ${number(count("seconds"))} s |

One block again: \`npm run sim -- --services --seed ${blocks[0]?.seed ?? "1.0"} --executions ${blocks[0]?.counts.executions ?? 0}\`.`;
}

function isClean(verdict: Verdict): boolean {
  return verdict.lost.length + verdict.duplicated.length + verdict.illegal.length === 0;
}

function killTable({ kills, fifty, workers }: Real): string {
  const { byTarget } = kills;
  return `The product with its own PostgreSQL and HTTP, killed with SIGKILL at random moments.

| | |
|---|---|
| Kills | ${kills.kills}: ${byTarget.server} of the server, ${byTarget.database} of the database, ${byTarget.everything} of both |
| Executions accepted | ${kills.accepted} |
| Turns committed | ${kills.turns} |
| Effects sent again under their key | ${kills.repeatedEffects} |
| Unknown outcomes decided by a person | ${kills.decided} |
| Slowest recovery | ${kills.recoveryMsMax} ms |
| Lost, duplicated, illegal | ${kills.lost.length}, ${kills.duplicated.length}, ${kills.illegal.length} |
| Duration | ${kills.seconds} s |

A workflow of fifty nodes, ${fifty.times} times under ${fifty.kills} kills: ${fifty.exact} exact results, lost ${fifty.lost.length},
duplicated ${fifty.duplicated.length}, illegal ${fifty.illegal.length}, in ${fifty.seconds} s.

${workers.kills} worker processes killed under load, ${workers.busy} of them at work, local and remote ones: ${workers.accepted} executions,
lost ${workers.lost.length}, duplicated ${workers.duplicated.length}, illegal ${workers.illegal.length}; ${workers.repeatedEffects} effects sent again under their key, ${workers.decided} unknown
outcomes of \`once\` effects decided by a person, in ${workers.seconds} s.`;
}
