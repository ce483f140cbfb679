// What the operating system says about a process. Ids are reused, so an id alone proves nothing: the postmaster
// is recognised by its program and by the cluster it was started for.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Is `pid` a PostgreSQL server for this cluster? And is it the very program we would start? */
export function recognise(
  pid: number,
  cluster: string,
  program: string,
): { isPostmaster: boolean; isOurProgram: boolean } {
  const words = commandLine(pid);
  const at = words.indexOf("-D");
  const isPostmaster = at > 0 && isSamePath(words[at + 1], cluster) && /postgres$/.test(words[0] ?? "");
  return { isPostmaster, isOurProgram: isPostmaster && isSamePath(programOf(pid) ?? words[0], program) };
}

/** Ids are reused: is this still the process that was started for `path`? */
export function hasArgument(pid: number, path: string): boolean {
  return commandLine(pid).some((word) => word.includes(path));
}

/** Children at this moment; empty where the operating system does not tell. */
export function childrenOf(pid: number): number[] {
  try {
    const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return ids === "" ? [] : ids.split(" ").map(Number);
  } catch {
    return [];
  }
}

/** Who was started for a folder, by its words or its environment; empty where the operating system does not tell. */
export function processesAbout(folder: string): number[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return names.map(Number).filter((pid) => {
    if (pid === process.pid || !isAlive(pid)) return false;
    const environment = readQuietly(() => readFileSync(`/proc/${pid}/environ`, "utf8"))?.split("\0") ?? [];
    return hasArgument(pid, folder) || environment.some((line) => line.startsWith(`PGDATA=${folder}/`));
  });
}

/** True when all have ended within the time. */
export async function haveEnded(pids: number[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

/** False when there is nobody to receive it. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function commandLine(pid: number): string[] {
  if (process.platform === "linux") {
    return readQuietly(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split("\0") ?? [];
  }
  // ps joins the words with blanks; ours are "<program> -D <cluster>" and nothing else.
  const line =
    spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
  const at = line.indexOf(" -D ");
  return at < 0 ? [] : [line.slice(0, at), "-D", line.slice(at + 4)];
}

function programOf(pid: number): string | undefined {
  return readQuietly(() => readlinkSync(`/proc/${pid}/exe`));
}

function isZombie(pid: number): boolean {
  const stat = readQuietly(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name in parentheses may hold anything, so the state is what follows the last one.
  return stat?.slice(stat.lastIndexOf(")") + 2).startsWith("Z") ?? false;
}

function isSamePath(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  const resolved = (path: string) => readQuietly(() => realpathSync.native(path)) ?? path;
  return one === other || resolved(one) === resolved(other);
}

function readQuietly(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
