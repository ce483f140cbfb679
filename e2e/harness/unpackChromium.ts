// The browser of the tests, unpacked once per user and version. Several test files may start at the same moment: each
// unpacks for itself and the first one's folder stays.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Chromium = { executable: string; environment: Record<string, string> };

export async function unpackChromium(): Promise<Chromium> {
  const user = process.getuid?.() ?? process.env.USERNAME ?? "user";
  const folder = join(tmpdir(), `auraos-chromium-${user}-${packageVersion()}`);
  if (!existsSync(join(folder, "chromium"))) await unpackInto(folder);
  return {
    executable: join(folder, "chromium"),
    environment: hasSystemLibraries() ? {} : { LD_LIBRARY_PATH: join(folder, "al2023", "lib") },
  };
}

async function unpackInto(folder: string): Promise<void> {
  const own = `${folder}.${process.pid}`;
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  // The package unpacks to the folder for temporary files, and its libraries only where it believes to be in a cloud.
  process.env.TMPDIR = own;
  if (!hasSystemLibraries()) process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(join(folder, "chromium"))) throw error;
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(own, { recursive: true, force: true });
  }
}

function hasSystemLibraries(): boolean {
  return spawnSync("ldconfig", ["-p"], { encoding: "utf8" }).stdout?.includes("libnss3.so") ?? false;
}

function packageVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest = join(dirname(dirname(dirname(entry))), "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
