// House rules that a compiler does not know. Each says what to do instead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isForTests } from "./importRules.ts";
import { listFiles, read } from "./sources.ts";

const LINES_MAX = 700;

const files = listFiles();
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const texts = files.filter(
  (file) =>
    !/\.(png|jpg|ico|woff2?|wasm|gz|zip|pdf)$/.test(file) &&
    file !== "package-lock.json" &&
    file !== "LICENSE",
);

test(`no source file is longer than ${LINES_MAX} lines`, () => {
  const long = sources
    // A fixture is a list of data: its length says nothing about ideas.
    .filter((file) => !file.endsWith(".fixture.ts"))
    .map((file) => ({ file, lines: read(file).split("\n").length }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(
      ({ file, lines }) => `${file} has ${lines} lines; look for the second concept in it and give it a file`,
    );
  report(long);
});

test("every source file says at its top why it exists", () => {
  const silent = sources
    .filter((file) => !isForTests(file) || file.includes("/testing/"))
    .filter((file) => !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(read(file)))
    .map((file) => `${file}: begin with one to five lines on why it exists and what always holds in it`);
  report(silent);
});

test("nothing is left for later in the code, and no test runs alone", () => {
  const later = new RegExp(
    `\\b(${["TO", "DO"].join("")}|${["FIX", "ME"].join("")}|${["XX", "X"].join("")})\\b`,
  );
  const alone = new RegExp(`\\b(test|it|describe|suite)\\.${"only"}\\b|\\b${"only"}: true\\b`);
  const wrong: string[] = [];
  for (const file of sources) {
    eachLine(file, (line, number) => {
      if (later.test(line)) wrong.push(`${file}:${number} do it now, or write an issue: ${line.trim()}`);
      if (isForTests(file) && alone.test(line))
        wrong.push(`${file}:${number} every test runs: ${line.trim()}`);
    });
  }
  report(wrong);
});

test("the files speak of the project only", () => {
  // Written in halves, so that this file does not find itself.
  const halves = [
    ["cla", "ude"],
    ["anth", "ropic"],
    ["sub", "agent"],
    ["session", "'s"],
    ["chat", "gpt"],
    ["co-authored", "-by"],
    ["as an ai ", "language model"],
    ["/work/", "main"],
    ["/work/", "shared"],
  ];
  const banned = new RegExp(halves.map((half) => half.join("")).join("|"), "i");
  const wrong: string[] = [];
  for (const file of texts) {
    eachLine(file, (line, number) => {
      if (banned.test(line)) wrong.push(`${file}:${number} ${line.trim().slice(0, 140)}`);
    });
  }
  report(wrong);
});

test("the lock file names no registry, so that any mirror serves", () => {
  const lock = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { resolved?: string; link?: boolean }>;
  };
  const named = Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
    .map(([name, entry]) => `${name} -> ${entry.resolved}: npm install with the .npmrc of this folder`);
  report(named);
});

test("every package with an install script is named in allowScripts", () => {
  const lock = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const { allowScripts } = JSON.parse(read("package.json")) as { allowScripts: Record<string, boolean> };
  const missing = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && entry.hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
    .filter((name) => !(name in allowScripts))
    .map((name) => `${name}: read its script, then name it in package.json (true or false)`);
  report(missing);
});

function eachLine(file: string, visit: (line: string, number: number) => void): void {
  for (const [index, line] of read(file).split("\n").entries()) visit(line, index + 1);
}

function report(wrong: string[]): void {
  assert.equal(wrong.length, 0, `\n  ${wrong.join("\n  ")}\n`);
}
