// What `npm run bench -- web` asks Lighthouse, which is not among the packages: AURAOS_LIGHTHOUSE names the folder in
// which somebody installed it. Given by the environment as to measureWeb.worker.ts. Prints one figure a line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { unpackChromium } from "./harness/unpackChromium.ts";

const {
  MEASURE_URL: url = "",
  MEASURE_KEY: key = "",
  MEASURE_SMALL: small = "",
  AURAOS_LIGHTHOUSE: folder = "",
} = process.env;

/** The middle one counts: a busy machine spoils one now and then. */
const ROUNDS = 3;
const LIMITS = { performance: 90, accessibility: 95, "best-practices": 95 };

type Audit = {
  id: string;
  title: string;
  score: number | null;
  scoreDisplayMode: string;
  displayValue?: string;
};
type Category = { score: number | null; auditRefs: { id: string; weight: number }[] };
type Report = {
  lhr: {
    categories: Record<string, Category>;
    audits: Record<string, Audit>;
    runtimeError?: { code: string; message: string };
  };
  report: string;
};
type Lighthouse = {
  default(address: string, flags: object, config?: object): Promise<Report | undefined>;
  desktopConfig: object;
};

const entry = createRequire(join(resolve(folder), "x.js")).resolve("lighthouse");
const lighthouse = (await import(pathToFileURL(entry).href)) as Lighthouse;
const pages = { home: "/", builder: `/workflows/${small}` };

const profile = mkdtempSync(join(tmpdir(), "auraos-lighthouse-"));
const { executable, environment } = await unpackChromium();
const child = spawn(
  executable,
  [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "about:blank",
  ],
  { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...environment } },
);
const ended = once(child, "exit");
try {
  const port = await debuggingPort(child.stderr);
  await signIn(port);
  for (const [name, path] of Object.entries(pages)) await measure(port, name, path);
} finally {
  child.kill();
  await ended;
  rmSync(profile, { recursive: true, force: true });
}

/** Chromium says it in its first lines. */
async function debuggingPort(said: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: said })) {
    const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      said.resume();
      return Number(port);
    }
  }
  throw new Error("The browser ended before it was ready.");
}

/** In the browser's own profile, where Lighthouse opens its pages. */
async function signIn(port: number): Promise<void> {
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await browser.contexts()[0]?.newPage();
  await page?.goto(`${url}/favicon.svg`);
  await page?.evaluate((value) => {
    localStorage.setItem("auraos.key", value);
    localStorage.setItem("auraos.language", "en");
  }, key);
  await page?.close();
  await browser.close();
}

async function measure(port: number, name: string, path: string): Promise<void> {
  const flags = {
    port,
    disableStorageReset: true,
    output: "html",
    logLevel: "error",
    onlyCategories: Object.keys(LIMITS),
  };
  const rounds: Report[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const report = await lighthouse.default(url + path, flags, lighthouse.desktopConfig);
    if (!report) throw new Error(`Lighthouse has nothing to say about ${path}.`);
    // Without this its scores would be zeros: 13.4 and 13.5 say it of every page with a referrer policy, 13.0.3 does not.
    const { runtimeError } = report.lhr;
    if (runtimeError) throw new Error(`Lighthouse could not load ${path}: ${runtimeError.message}`);
    rounds.push(report);
  }
  const middle = rounds.toSorted((a, b) => scoreOf(a, "performance") - scoreOf(b, "performance"))[
    Math.floor(ROUNDS / 2)
  ] as Report;
  for (const [id, limit] of Object.entries(LIMITS)) {
    print(`lighthouse_${name}_${id.replace("-", "_")}`, scoreOf(middle, id), limit);
    for (const { id: one } of middle.lhr.categories[id]?.auditRefs ?? [])
      explain(name, middle.lhr.audits[one]);
  }
  const file = join(tmpdir(), `auraos-lighthouse-${name}.html`);
  writeFileSync(file, middle.report);
  process.stderr.write(`  ${name}: ${file}\n`);
}

/** Of 100. */
function scoreOf({ lhr }: Report, category: string): number {
  return Math.round((lhr.categories[category]?.score ?? 0) * 100);
}

/** What was found, beside the figures. */
function explain(name: string, audit: Audit | undefined): void {
  if (!audit || audit.score === null || audit.score >= 0.9) return;
  process.stderr.write(`  ${name}: ${audit.id}: ${audit.title} ${audit.displayValue ?? ""}\n`);
}

function print(figure: string, value: number, limit: number): void {
  process.stdout.write(`${JSON.stringify({ figure, value, unit: "of 100", limit })}\n`);
}
