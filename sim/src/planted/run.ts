// Runs every planted bug in a process of its own: stories are played until one of them tells that something is wrong.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSeed } from "../run.ts";
import { runServices } from "../services/run.ts";
import { plantedBugs } from "./bugs.ts";
import type { Planted } from "./patch.ts";
import { servicePlantedBugs } from "./serviceBugs.ts";

/** Executions until a bug must have been noticed. */
const EXECUTIONS_MAX = 60_000;
const AT_ONCE = 2;
/** Played without a bug first. */
const SOUND_EXECUTIONS = 5_000;
/** Of the stories of the services, which drive a real database. */
const SERVICE_EXECUTIONS_MAX = 12_000;
const SOUND_SERVICE_EXECUTIONS = 2_000;

const isOfServices = (bug: Planted): boolean => servicePlantedBugs.includes(bug);

export async function runPlanted({ only = "", areServicesOnly = false } = {}): Promise<{
  planted: number;
  caught: number;
}> {
  const all = areServicesOnly ? servicePlantedBugs : [...plantedBugs, ...servicePlantedBugs];
  const bugs = all.filter(({ name }) => name.includes(only));
  for (const bug of bugs) for (const problem of wrongPlaces(bug)) throw new Error(problem);
  if (bugs.some((bug) => !isOfServices(bug))) await checkSound();
  if (bugs.some(isOfServices)) await checkServicesSound();
  const waiting = [...bugs];
  let caught = 0;
  const worker = async (): Promise<void> => {
    for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift())
      if (await isCaught(bug)) caught++;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { planted: bugs.length, caught };
}

/** A patch that no longer fits the source is an error, not a bug that cannot be caught. */
export function wrongPlaces({ name, patches }: Planted): string[] {
  return patches.flatMap(({ file, find }) => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
    const places = source.split(find).length - 1;
    return places === 1 ? [] : [`planted bug "${name}": ${places} places in ${file} match: ${find}`];
  });
}

/** Without a bug nothing is noticed, else everything would count as caught. */
async function checkSound(): Promise<void> {
  const { isSound } = await runSeed({
    seed: "planted",
    executions: SOUND_EXECUTIONS,
    say: (line) => console.error(line),
  });
  if (!isSound) throw new Error("the simulation finds something wrong without a planted bug");
}

async function checkServicesSound(): Promise<void> {
  const { isSound } = await runServices({
    seed: "planted",
    executions: SOUND_SERVICE_EXECUTIONS,
    say: (line) => console.error(line),
  });
  if (!isSound) throw new Error("the simulation of the services finds something wrong without a planted bug");
}

async function isCaught(bug: Planted): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "auraos-planted-"));
  try {
    const file = join(folder, "patches.json");
    writeFileSync(file, JSON.stringify(bug.patches));
    const { code, out, err } = await play(file, bug);
    const last = out.trim().split("\n").at(-1) ?? "";
    const isTold = code === 1 && last.startsWith("{") && err.includes("Noticed: ");
    const where = /^Noticed: (.*)/m.exec(err)?.[1]?.slice(0, 150) ?? err.slice(-300);
    console.error(
      `${isTold ? "caught" : "MISSED"}  ${bug.name}: ${isTold ? where : `${code} ${last} ${where}`}`,
    );
    return isTold;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function play(patches: string, bug: Planted): Promise<{ code: number | null; out: string; err: string }> {
  const hook = new URL("./hook.ts", import.meta.url).href;
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const args = [
    "--import",
    hook,
    main,
    "--seed",
    bug.seed ?? "planted",
    "--executions",
    String(isOfServices(bug) ? SERVICE_EXECUTIONS_MAX : EXECUTIONS_MAX),
    "--until",
    bug.rules.join(),
    ...(isOfServices(bug) ? ["--services"] : []),
  ];
  const child = spawn(process.execPath, args, { env: { ...process.env, SIM_PATCHES: patches } });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
