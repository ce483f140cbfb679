// `npm run sim`: plays stories from a seed until so many executions have been played, and says what was wrong.
//   npm run sim -- --seed 1 --executions 100000
//   npm run sim -- --seed 1 --story 17      one story with its whole log
//   npm run sim -- --services --seed 1      what starts by itself: schedules, events, tasks and pools (also with --story)
//   npm run sim -- --planted                every planted bug must be caught (also with --services, or --only part of a name)
import { parseArgs } from "node:util";
import { runSeed } from "./run.ts";
import { playStory } from "./story.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    executions: { type: "string", default: "100000" },
    story: { type: "string" },
    verbose: { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
    services: { type: "boolean", default: false },
    /** Ends at the first story in which one of these rules (with commas) is broken. */
    until: { type: "string" },
    only: { type: "string" },
  },
});

if (values.planted) {
  const { runPlanted } = await import("./planted/run.ts");
  const { planted, caught } = await runPlanted({
    only: values.only ?? "",
    areServicesOnly: values.services,
  });
  console.log(JSON.stringify({ planted, caught }));
  process.exitCode = planted === caught ? 0 : 1;
} else if (values.services) {
  const { runServices, showServices } = await import("./services/run.ts");
  if (values.story !== undefined) {
    const isSound = await showServices(`${values.seed}/${values.story}`, (line) => console.log(line));
    process.exitCode = isSound ? 0 : 1;
  } else {
    const { counts, figures, isSound } = await runServices({
      seed: values.seed,
      executions: Number(values.executions),
      say: (line) => console.error(line),
      isVerbose: values.verbose,
      ...(values.until === undefined ? {} : { until: values.until.split(",") }),
    });
    if (values.verbose) console.error(JSON.stringify(figures));
    console.log(JSON.stringify(counts));
    process.exitCode = isSound ? 0 : 1;
  }
} else if (values.story !== undefined) {
  const seed = `${values.seed}/${values.story}`;
  const result = await playStory({ seed, hasLog: true, onLine: (line) => console.log(line) });
  process.exitCode = result.violations.length > 0 ? 1 : 0;
} else {
  const { counts, figures, isSound } = await runSeed({
    seed: values.seed,
    executions: Number(values.executions),
    say: (line) => console.error(line),
    isVerbose: values.verbose,
    ...(values.until === undefined ? {} : { until: values.until.split(",") }),
  });
  if (values.verbose) console.error(JSON.stringify(figures));
  console.log(JSON.stringify(counts));
  process.exitCode = isSound ? 0 : 1;
}
