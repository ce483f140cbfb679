// `npm run scan`: a server with sample data on a free port, and the scanners of Debian let loose on it: wapiti, sqlmap and
// the http scripts of nmap, those that are installed. What they report is read; anything above informational ends this with
// 1, and so does a machine without any of them, or a server that is not well afterwards.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, readNmap, readSqlmap, readWapiti } from "./scan/readReports.ts";
import { type Sample, startSample } from "./scan/startSample.ts";

type Scan = { tool: string; version: string; seconds: number; looked: string; findings: Finding[] };

const WITHIN_SECONDS = 900;

const folder = mkdtempSync(join(tmpdir(), "auraos-scan-"));
const sample = await startSample(join(folder, "data"));
let isBad = true;
try {
  const scans = [nmap(sample), wapiti(sample), sqlmap(sample)].filter((one) => one !== undefined);
  for (const scan of scans) tell(scan);
  const found = scans.flatMap(({ findings }) => findings).filter(({ level }) => level !== "info");
  const isWell = await sample.isWell();
  if (scans.length === 0) console.log("No scanner is installed: apt-get install wapiti sqlmap nmap");
  if (!isWell) console.log("The server is not well after the scans.");
  console.log(`\n${scans.length} of 3 scanners, ${found.length} findings above informational`);
  isBad = found.length > 0 || scans.length === 0 || !isWell;
} finally {
  await sample.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isBad ? 1 : 0);

function tell({ tool, version, seconds, looked, findings }: Scan): void {
  console.log(`\n== ${tool} ${version}: ${looked}, ${seconds.toFixed(0)} s`);
  if (findings.length === 0) console.log("   nothing");
  for (const { level, what, where } of findings) console.log(`   ${level.padEnd(6)} ${what}  ${where}`);
}

function nmap({ url }: Sample): Scan | undefined {
  const version = versionOf("nmap", ["--version"], /version ([\d.]+)/);
  if (version === undefined) return undefined;
  const { port } = new URL(url);
  const wanted = "http-* and not (dos or brute or external or malware) and not http-slowloris*";
  const help = spawnSync("nmap", ["--script-help", wanted], { encoding: "utf8" });
  const scripts = help.stdout.match(/^http-[\w.-]+$/gm) ?? [];
  const report = join(folder, "nmap.xml");
  const seconds = run("nmap", [
    ...[
      "-Pn",
      "-n",
      "-p",
      port,
      "--script",
      scripts.map((name) => `+${name}`).join(),
      "--script-timeout",
      "120s",
      "-oX",
      report,
    ],
    // With a plus they run although the port is none that HTTP usually has.
    "127.0.0.1",
  ]);
  const { scripts: count, findings } = readNmap(report);
  return {
    tool: "nmap",
    version,
    seconds,
    looked: `${scripts.length} http scripts, ${count} had something to say`,
    findings,
  };
}

function wapiti({ url, key, addresses }: Sample): Scan | undefined {
  const version = versionOf("wapiti", ["--version"], /Wapiti ([\d.]+)/);
  if (version === undefined) return undefined;
  const report = join(folder, "wapiti.json");
  const modules =
    "backup,blindsql,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss";
  const starts = addresses.flatMap((path) => ["-s", url + path]);
  const seconds = run("wapiti", [
    ...[
      "-u",
      `${url}/`,
      ...starts,
      "-m",
      modules,
      "-f",
      "json",
      "-o",
      report,
      "-H",
      `Authorization: Bearer ${key}`,
    ],
    ...["--flush-session", "--no-bugreport", "--scope", "domain", "-d", "3", "-v", "0"],
    ...["--max-scan-time", "240", "--max-attack-time", "40", "--store-session", join(folder, "wapiti")],
  ]);
  const findings = readWapiti(report);
  return {
    tool: "wapiti",
    version,
    seconds,
    looked: `${modules.split(",").length} modules, ${addresses.length} addresses and what they lead to`,
    findings,
  };
}

function sqlmap({ url, key, addresses, requests }: Sample): Scan | undefined {
  const version = versionOf("sqlmap", ["--version"], /([\d.]+)/);
  if (version === undefined) return undefined;
  const output = join(folder, "sqlmap");
  const common = [
    ...[
      "--batch",
      "--level",
      "2",
      "--risk",
      "2",
      "--technique",
      "BEUT",
      "--time-sec",
      "2",
      "--timeout",
      "15",
    ],
    ...[
      "--dbms",
      "PostgreSQL",
      "--output-dir",
      output,
      "--flush-session",
      "--threads",
      "2",
      "--retries",
      "0",
    ],
    ...["--ignore-code", "400,401,404,409,422"],
  ];
  const queries = addresses.filter((path) => path.includes("?"));
  const list = join(folder, "targets.txt");
  writeFileSync(list, queries.map((path) => url + path).join("\n"));
  let seconds = run("sqlmap", ["-m", list, "-H", `Authorization: Bearer ${key}`, ...common]);
  for (const [index, request] of requests.entries()) {
    const file = join(folder, `request-${index}.txt`);
    writeFileSync(file, request);
    seconds += run("sqlmap", ["-r", file, ...common]);
  }
  const looked = `${queries.length} addresses with parameters, ${requests.length} bodies`;
  return { tool: "sqlmap", version, seconds, looked, findings: readSqlmap(output) };
}

function versionOf(program: string, args: string[], pattern: RegExp): string | undefined {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  return error ? undefined : (pattern.exec(`${stdout}${stderr}`)?.[1] ?? "?");
}

/** How many seconds it took. Throws when it did not end by itself. */
function run(program: string, args: string[]): number {
  const startedAt = performance.now();
  const { error, status, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: WITHIN_SECONDS * 1000,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: folder },
  });
  if (error) throw error;
  if (status !== 0) console.log(`   ${program} ended with ${status}: ${stderr.slice(-500)}`);
  return (performance.now() - startedAt) / 1000;
}
