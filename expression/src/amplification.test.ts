// Every function there is, called on something huge: what it charges must pay for the time it takes. From the time
// of one call and its share of the budget follows how long an expression could keep the machine busy with it.
// The list comes from the suggestions, so a new method is tested without anyone remembering.
// ALL_FORMS=1 tries every function with many kinds of arguments; that takes minutes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newCompiler } from "./compile/compiler.ts";
import { compileExpression } from "./compile/expression.ts";
import { newRun } from "./evaluate.ts";
import { ExpressionError, type Json, LIMITS, type SuggestionTopic, suggestions } from "./index.ts";
import { parseAt } from "./parse.ts";
import { scopeWith } from "./testScope.fixture.ts";

const CPU_MS_MAX = 1000;
const FORMS = (
  process.env.ALL_FORMS ? ["", "v", "x => x", "1", "'a', 'b'", "v, v", "/a+b/, 'x'", "/(x|y)+z/g"] : [""]
) as readonly string[];

const huge: { [kind: string]: Json } = {
  letters: "a".repeat(100_000),
  blanks: " ".repeat(100_000),
  mixed: "aB <b>. [x](y) é, ".repeat(5_000),
  numbers: Array.from({ length: 20_000 }, (_, i) => i),
  texts: Array.from({ length: 20_000 }, (_, i) => `text ${i}`),
  lists: Array.from({ length: 200 }, () => Array.from({ length: 100 }, (_, i) => i)),
  object: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, `value ${i}`])),
};

/** CPU time if the call were repeated until a limit stops it. */
function projectedMs(call: string, kind: string): number {
  const parsed = parseAt(call, 0);
  assert.ok(parsed.ok, call);
  const compiler = newCompiler(call, false, LIMITS);
  const evaluate = compileExpression(compiler, parsed.node);
  assert.deepEqual(compiler.problems, [], call);
  const scope = scopeWith({ items: [{ json: { v: huge[kind] ?? null } }] });
  const plan = { source: call, lenient: false, changesLists: false };
  const once = (): number => {
    const run = newRun(plan, scope);
    try {
      evaluate({ run, slots: [], parent: null });
    } catch (error) {
      assert.ok(error instanceof ExpressionError, String(error));
    }
    // One repetition also pays for the callback around it.
    const work = (LIMITS.work - run.workLeft + 2) / LIMITS.work;
    return Math.min(1, Math.max(work, (LIMITS.memory - run.memoryLeft) / LIMITS.memory));
  };
  const share = once();
  let count = 1;
  let ms = cpuMs(once, count);
  while (ms < 1 && count < 10_000) {
    count *= 4;
    ms = cpuMs(once, count);
  }
  return Math.min(ms, cpuMs(once, count)) / count / share;
}

function cpuMs(work: () => unknown, count: number): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) work();
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 1000;
}

function check(call: string, kind: string): void {
  let ms = projectedMs(call, kind);
  // A busy machine can spoil one measurement.
  if (ms >= CPU_MS_MAX) ms = projectedMs(call, kind);
  if (process.env.SHOW_CPU && ms > 400) console.log(Math.round(ms), kind, call);
  assert.ok(ms < CPU_MS_MAX, `${call} on ${kind} could take ${Math.round(ms)} ms`);
}

const TOPICS: [topic: SuggestionTopic, kinds: string[]][] = [
  ["text", ["letters", "blanks", "mixed"]],
  ["list", ["numbers", "texts", "lists"]],
  ["object", ["object"]],
];

describe("every method on something huge", () => {
  for (const [topic, kinds] of TOPICS) {
    for (const { kind: of, name } of suggestions(topic)) {
      if (of !== "method") continue;
      it(`${String(topic)}.${name}`, () => {
        for (const kind of kinds)
          for (const args of FORMS) check(`$json.v.${name}(${args.replaceAll("v", "$json.v")})`, kind);
      });
    }
  }
});

const NAMES = ["Math", "JSON", "Object", "Array", "String", "Number", "Date", "DateTime", "Duration"];

describe("every function given something huge", () => {
  const calls = [
    ...NAMES.flatMap((of) =>
      suggestions({ of })
        .filter((entry) => entry.kind === "method")
        .map((entry) => `${of}.${entry.name}`),
    ),
    ...[
      "$if",
      "$ifEmpty",
      "$min",
      "$max",
      "String",
      "Number",
      "Boolean",
      "Array",
      "Error",
      "parseInt",
      "parseFloat",
      "isNaN",
      "isFinite",
      "new Date",
    ],
    ...["encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI"],
    ...suggestions("dateTime")
      .filter((entry) => entry.kind === "method")
      .map((entry) => `$now.${entry.name}`),
    ...suggestions("duration")
      .filter((entry) => entry.kind === "method")
      .map((entry) => `Duration.fromMillis(1).${entry.name}`),
    ...suggestions("date")
      .filter((entry) => entry.kind === "method")
      .map((entry) => `new Date(0).${entry.name}`),
    ...suggestions("number")
      .filter((entry) => entry.kind === "method")
      .map((entry) => `(5).${entry.name}`),
  ];
  const kinds = process.env.ALL_FORMS ? Object.keys(huge) : ["mixed"];
  for (const call of calls) {
    it(call, () => {
      for (const kind of kinds) check(`${call}($json.v, $json.v)`, kind);
    });
  }
});
