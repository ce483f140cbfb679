import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Json } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { attacks, exhaustions, stringSearch } from "./attacks.ts";
import { createCodeRunner } from "./createCodeRunner.ts";
import { createGuest } from "./guest.ts";
import { codeLimits } from "./protocol.ts";

const runner = createCodeRunner({ workers: 2 });
after(() => runner.close());

type Options = {
  items?: Json[];
  nowMs?: number;
  seed?: string;
  language?: "javascript" | "typescript";
  signal?: AbortSignal;
};

function run(code: string, options: Options = {}, on = runner) {
  const {
    items = [{ name: "Ada", age: 36 }, { name: "Alan" }],
    nowMs = 1_700_000_000_123,
    seed = "seed",
    language = "javascript",
  } = options;
  const { signal = new AbortController().signal } = options;
  return on.run({ code, language, items: items.map((json) => ({ json })), nowMs, seed, signal });
}

async function failureOf(code: string, options: Options = {}, on = runner) {
  try {
    const { result } = await run(code, options, on);
    assert.fail(`no failure, but ${JSON.stringify(result)?.slice(0, 100)}`);
  } catch (error) {
    assert(error instanceof ActivityError, String(error));
    assert.equal(error.failure.certainty, "notDone");
    assert.doesNotMatch(JSON.stringify(error.failure), /file:|node_modules|codeWorker|prelude/);
    return error.failure;
  }
}

test("sees the items and returns an object or a list", async () => {
  const cases: [string, Json | undefined][] = [
    ["return { name: $json.name }", { name: "Ada" }],
    ["return $items.map((item) => item.json.name)", ["Ada", "Alan"]],
    ["return [$input.all().length, $input.first().json.age, $input.last().json.name]", [2, 36, "Alan"]],
    ["return [$now]", ["2023-11-14T22:13:20.123Z"]],
    ["const wait = (x) => Promise.resolve(x); return [await wait(1), await wait(2)]", [1, 2]],
    [
      "return { date: new Date(0), none: undefined, map: new Map() }",
      { date: "1970-01-01T00:00:00.000Z", map: {} },
    ],
    ["// nothing", undefined],
    ["return null", undefined],
    ["x = 1; return [x] // sloppy, as in browsers", [1]],
  ];
  for (const [code, expected] of cases) assert.deepEqual((await run(code)).result, expected, code);
  assert.deepEqual((await run("return $json", { items: [] })).result, {});
  assert.deepEqual(
    (await run("return [$json['__proto__'].x]", { items: [JSON.parse('{"__proto__": {"x": 1}}')] })).result,
    [1],
  );
});

test("files of the items are seen as references", async () => {
  const file = { blob: "b1", name: "a.txt", mimeType: "text/plain", bytes: 3 };
  const { result } = await runner.run({
    code: "return $items",
    language: "javascript",
    items: [{ json: 1, files: { data: file } }],
    nowMs: 0,
    seed: "",
    signal: new AbortController().signal,
  });
  assert.deepEqual(result, [{ json: 1, files: { data: file } }]);
});

test("logs are kept, and capped", async () => {
  const { logs } = await run(
    `console.log("a", 1, { b: [2] }, null, undefined, new Error("bad")); console.error("c"); return [1]`,
  );
  assert.deepEqual(logs, ['a 1 {"b":[2]} null undefined Error: bad', "c"]);
  const many = await run("for (let i = 0; i < 1e4; i += 1) console.log('x'.repeat(100)); return [1]");
  assert(many.logs.join("\n").length <= 64 * 1024);
  const failure = await failureOf(`console.log("before"); throw new Error("x")`);
  assert.deepEqual((failure.detail as { logs: string[] }).logs, ["before"]);
});

test("the same inputs give the same result, chance and time included", async () => {
  const code =
    "return [Math.random(), Math.random(), Date.now(), new Date().toString(), performance.now(), performance.timeOrigin]";
  const first = await run(code);
  for (let i = 0; i < 5; i += 1) assert.deepEqual(await run(code), first);
  assert.notDeepEqual((await run(code, { seed: "other" })).result, first.result);
  assert.notDeepEqual((await run(code, { nowMs: 1 })).result, first.result);
  const draws = (await run("return Array.from({ length: 10000 }, Math.random)")).result as number[];
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  assert(Math.abs(mean - 0.5) < 0.02 && draws.every((value) => value >= 0 && value < 1), String(mean));
});

test("errors say what and where, in the person's own lines", async () => {
  const code = "const a = {};\n  a.b.c();\nreturn a";
  const failure = await failureOf(code);
  assert.equal(failure.code, "CODE_THREW");
  assert.equal(failure.class, "code");
  assert.match(failure.message, /TypeError.*'c'.*\(line 2\)/);
  assert.deepEqual(failure.detail, { line: 2, column: 3 });
  assert.equal(failure.position, code.indexOf("a.b"));
  assert.match(failure.remedy ?? "", /\?\./);
  const late = await failureOf("await 1;\nawait 2;\nthrow new RangeError('late')");
  assert.match(late.message, /^RangeError: late \(line 3\)$/);
  assert.match((await failureOf("throw 'just text'")).message, /^just text/);
  assert.match((await failureOf("return fetch('https://example.com')")).remedy ?? "", /HTTP node/);
  assert.match((await failureOf("setTimeout(() => {}, 1)")).remedy ?? "", /Wait node/);
});

test("invalid code is told with its place", async () => {
  const failure = await failureOf("let a = 1;\nlet b = ;");
  assert.equal(failure.code, "CODE_SYNTAX");
  assert.deepEqual((failure.detail as { line: number }).line, 2);
  assert((await failureOf("if (true) {")).code === "CODE_SYNTAX");
  assert((await failureOf("return [1]; }); ((")).code === "CODE_SYNTAX");
});

test("what is no object and no list is refused, as is waiting for ever", async () => {
  for (const value of ["5", "'text'", "true", "() => 1", "Symbol()", "5n"]) {
    assert.equal((await failureOf(`return ${value}`)).code, "CODE_RESULT", value);
  }
  assert.equal((await failureOf("const a = []; a.push(a); return a")).code, "CODE_THREW");
  assert.equal((await failureOf("await new Promise(() => {})")).code, "CODE_NEVER_SETTLED");
});

test("TypeScript loses its types; what cannot be left out is refused with its place", async () => {
  const typed = `type Person = { name: string; age?: number };
const people: Person[] = $items.map((item): Person => item.json as Person);
const ages = people.map(({ age }) => age!) satisfies (number | undefined)[];
return ages.filter(Boolean);`;
  assert.deepEqual((await run(typed, { language: "typescript" })).result, [36]);
  const shifted = await failureOf("const a: { b?: { c: number } } = {};\nreturn [a.b!.c as number];", {
    language: "typescript",
  });
  assert.deepEqual((shifted.detail as { line: number }).line, 2);
  for (const code of [
    "enum A { x }\nreturn [A.x]",
    "namespace N { export const a = 1 }",
    "class P { constructor(private a: number) {} }",
  ]) {
    const failure = await failureOf(code, { language: "typescript" });
    assert.equal(failure.code, "CODE_SYNTAX");
    assert.equal((failure.detail as { line: number }).line, 1);
    assert.match(failure.remedy ?? "", /no enum/);
  }
  assert.equal((await failureOf("const a: = 1", { language: "typescript" })).code, "CODE_SYNTAX");
});

test("attacks see nothing of the host", async () => {
  assert(attacks.length >= 40);
  for (const { name, code, shows } of attacks) {
    try {
      const { result } = await run(code);
      if (shows !== undefined) assert.deepEqual(result, shows, name);
      assert.doesNotMatch(JSON.stringify(result) ?? "", /node:|file:|worker|auraos/i, name);
    } catch (error) {
      assert(error instanceof ActivityError, `${name}: ${error}`);
      assert.equal(shows, undefined, `${name}: ${error.message}`);
    }
  }
});

test("whatever wants too much ends by a limit", async () => {
  const brisk = createCodeRunner({ workers: 2, limits: { cpuMs: 1_500 } });
  after(() => brisk.close());
  const all = await Promise.all(
    exhaustions.map(async ({ name, code, failure }) => ({
      name,
      failure,
      got: await failureOf(code, {}, brisk),
    })),
  );
  for (const { name, failure, got } of all) {
    assert.match(got.code, failure, `${name}: ${got.message}`);
    assert((got.remedy ?? "").length > 0, name);
  }
});

test("the count of computing falls at the same place each time", async () => {
  const bytes = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  const quickjs = await WebAssembly.compile(bytes);
  const code = "for (let n = 1; ; n += 1) if (n % 1000 === 0) console.log(n)";
  const logsOf = async () => {
    const guest = await createGuest(quickjs, { ...codeLimits, cpuMs: 20 });
    const { outcome, logs } = guest.run({ code, language: "javascript", input: "[]", nowMs: 0, seed: "" });
    assert.deepEqual(outcome, { kind: "limit", limit: "cpu" });
    return logs.length;
  };
  const first = await logsOf();
  assert(first > 100, String(first));
  for (let i = 0; i < 3; i += 1) assert.equal(await logsOf(), first);
});

test("a built-in that asks nobody is killed from outside, and the pool goes on", async () => {
  const [failure, other] = await Promise.all([failureOf(stringSearch), run("return [1]")]);
  assert.equal(failure.code, "CODE_TIME_LIMIT");
  assert.deepEqual(other.result, [1]);
  assert.deepEqual((await run("return [2]")).result, [2]);
});

test("abort ends a run at once, running or waiting", async () => {
  const one = createCodeRunner({ workers: 1 });
  await run("return [0]", {}, one);
  const running = new AbortController();
  const waiting = new AbortController();
  const first = failureOf(stringSearch, { signal: running.signal }, one);
  const second = failureOf("return [1]", { signal: waiting.signal }, one);
  const third = run("return [3]", {}, one);
  setTimeout(() => waiting.abort(), 20);
  setTimeout(() => running.abort(new DOMException("late", "TimeoutError")), 60);
  assert.deepEqual([(await second).code, (await second).class], ["ABORTED", "cancelled"]);
  assert.deepEqual([(await first).code, (await first).class], ["TIMEOUT", "timeout"]);
  assert.deepEqual((await third).result, [3]);
  assert.equal((await failureOf("return [1]", { signal: AbortSignal.abort() }, one)).code, "ABORTED");
  await one.close();
});

test("many runs at the same time do not mix", async () => {
  const results = await Promise.all(
    Array.from(
      { length: 60 },
      async (_, index) =>
        (await run("await 1; return [$json.n, $items.length]", { items: [{ n: index }] })).result,
    ),
  );
  assert.deepEqual(
    results,
    Array.from({ length: 60 }, (_, index) => [index, 1]),
  );
});

test("too much input or code is refused before it runs", async () => {
  assert.equal((await failureOf("return [1]", { items: ["x".repeat(9e6)] })).code, "CODE_INPUT_LIMIT");
  assert.equal((await failureOf(`return [1] //${" ".repeat(3e5)}`)).code, "CODE_TOO_LONG");
  assert.equal(
    ((await run("return [$json.length]", { items: ["x".repeat(4e6)] })).result as number[])[0],
    4e6,
  );
});

test("a closed runner says so, and what runs ends", async () => {
  const closing = createCodeRunner({ workers: 1 });
  await run("return [1]", {}, closing);
  const running = failureOf(stringSearch, {}, closing);
  const waiting = failureOf("return [1]", {}, closing);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await closing.close();
  assert.deepEqual([(await running).code, (await waiting).code], ["CODE_UNAVAILABLE", "CODE_UNAVAILABLE"]);
  assert.equal((await failureOf("return [1]", {}, closing)).code, "CODE_UNAVAILABLE");
});
