// What the scanners wrote, as findings. Informational is what describes the server (its title, its methods); everything
// that says that something is wrong is not.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Finding = { level: "info" | "low" | "medium" | "high"; what: string; where: string };

/** Scripts that only look for what is wrong and write nothing otherwise, by the start of what they then write. */
const innocent: readonly RegExp[] = [
  /couldn't find any/i,
  /no .*(found|detected)/i,
  /false|not vulnerable|error: script execution failed/i,
  /couldn't determine/i,
];

/** Scripts that describe. */
const describing =
  /^http-(title|methods|headers|date|server-header|useragent-tester|enum|sitemap-generator|comments-displayer|errors|grep|xssed|mobileversion-checker|referer-checker|devframework|generator|favicon|robots.txt|security-headers|cookie-flags|feed|fetch|chrono|vhosts|traceroute|trace|php-version|apache-server-status|waf-detect|waf-fingerprint|form-fuzzer|auth-finder|auth|ntlm-info|malware-host|exif-spider|google-malware|icloud.*|hp-ilo-info|affiliate-id|gitweb-projects-enum|ls|backup-finder|config-backup)$/;

export function readNmap(file: string): { scripts: number; findings: Finding[] } {
  const xml = existsSync(file) ? readFileSync(file, "utf8") : "";
  const scripts = [...xml.matchAll(/<script id="(http-[^"]+)" output="([^"]*)"/g)];
  const findings = scripts.flatMap(([, id = "", output = ""]): Finding[] => {
    const text = output
      .replaceAll("&apos;", "'")
      .replaceAll(/&#xa;|\s+/g, " ")
      .trim();
    if (/VULNERABLE/.test(text) && !/NOT VULNERABLE/.test(text))
      return [{ level: "high", what: id, where: text.slice(0, 160) }];
    if (text === "" || innocent.some((pattern) => pattern.test(text))) return [];
    return [{ level: describing.test(id) ? "info" : "medium", what: id, where: text.slice(0, 160) }];
  });
  return { scripts: scripts.length, findings };
}

/**
 * What browsers do not read any more (X-XSS-Protection), or must not over plain HTTP, which the sample speaks (HSTS; over TLS
 * it is sent, see server/src/tls.db.test.ts).
 */
function isOutdated(what: string, info: string): boolean {
  return what === "HTTP Secure Headers" && /X-XSS-Protection|Strict-Transport-Security/.test(info);
}

type WapitiEntry = { method?: string; path?: string; info?: string; level?: number; parameter?: string };
type WapitiReport = {
  vulnerabilities?: Record<string, WapitiEntry[]>;
  anomalies?: Record<string, WapitiEntry[]>;
};

export function readWapiti(file: string): Finding[] {
  if (!existsSync(file)) throw new Error("wapiti wrote no report");
  const { vulnerabilities = {}, anomalies = {} } = JSON.parse(readFileSync(file, "utf8")) as WapitiReport;
  const levels = ["info", "low", "medium", "high"] as const;
  return Object.entries({ ...vulnerabilities, ...anomalies }).flatMap(([what, entries]) =>
    entries.map(
      ({ method = "", path = "", parameter = "", info = "", level = 1 }): Finding => ({
        level: isOutdated(what, info) ? "info" : (levels[Math.min(level, 3)] ?? "high"),
        what,
        where: `${method} ${path} ${parameter} ${info.replace(/\s+/g, " ").slice(0, 160)}`.trim(),
      }),
    ),
  );
}

/** sqlmap lists in a table what it could inject into; no table, or one with its head alone, is nothing. */
export function readSqlmap(folder: string): Finding[] {
  return globSync("**/results-*.csv", { cwd: folder }).flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .slice(1)
      .filter((line) =>
        /,(GET|POST|URI|\(custom\)|JSON|Cookie|User-Agent|Referer|Host)[^,]*,[^,]+,[A-Z]/.test(line),
      )
      // What sqlmap itself took back.
      .filter((line) => !line.includes("false positive or unexploitable"))
      .map((line): Finding => ({ level: "high", what: "SQL injection", where: line.slice(0, 200) })),
  );
}
