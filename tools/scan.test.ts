// What the scanners write is read as it is meant: a fault is a finding, a description is none, silence is neither.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readNmap, readSqlmap, readWapiti } from "./scan/readReports.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-reports-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const bad = (findings: { level: string; what: string }[]) =>
  findings.filter(({ level }) => level !== "info").map(({ level, what }) => `${level} ${what}`);

test("nmap: a vulnerability, a script that found something, one that did not, one that describes", () => {
  const script = (id: string, output: string) => `<script id="${id}" output="${output}"></script>`;
  const file = fileWith(
    "nmap.xml",
    [
      script("http-title", "AuraOS"),
      script("http-csrf", "&#xa;Couldn&apos;t find any CSRF vulnerabilities."),
      script("http-vuln-cve2017-5638", "&#xa;  VULNERABLE:&#xa;  Apache Struts"),
      script("http-slowloris-check", "NOT VULNERABLE"),
      script("http-stored-xss", "&#xa;Found the following stored XSS vulnerabilities:&#xa;  /form"),
    ].join("\n"),
  );
  const { scripts, findings } = readNmap(file);
  assert.equal(scripts, 5);
  assert.deepEqual(bad(findings), ["high http-vuln-cve2017-5638", "medium http-stored-xss"]);
});

test("wapiti: by its levels, but what browsers do not read any more", () => {
  const entry = (info: string, level: number) => ({ method: "GET", path: "/", info, level });
  const report = {
    vulnerabilities: {
      "Cross Site Scripting": [entry("XSS in q", 2)],
      "SQL Injection": [entry("via name", 3)],
      "HTTP Secure Headers": [
        entry("X-XSS-Protection is not set", 1),
        entry("X-Frame-Options is not set", 1),
      ],
    },
    anomalies: { "Internal Server Error": [entry("500", 1)] },
  };
  assert.deepEqual(bad(readWapiti(fileWith("wapiti.json", JSON.stringify(report)))), [
    "medium Cross Site Scripting",
    "high SQL Injection",
    "low HTTP Secure Headers",
    "low Internal Server Error",
  ]);
  assert.throws(() => readWapiti(join(folder, "none.json")), /no report/);
});

test("sqlmap: a row of its table, unless it took it back", () => {
  const head = "Target URL,Place,Parameter,Technique(s),Note(s)\n";
  fileWith(
    "sqlmap/results-1.csv",
    `${head}http://h/a?id=1,GET,id,BT,\nhttp://h/b?x=1,GET,x,B,false positive or unexploitable\n`,
  );
  fileWith("clean/results-1.csv", head);
  assert.deepEqual(bad(readSqlmap(join(folder, "sqlmap"))), ["high SQL injection"]);
  assert.deepEqual(readSqlmap(join(folder, "clean")), []);
});
