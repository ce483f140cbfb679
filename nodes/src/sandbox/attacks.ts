// Attempts to get out of the sandbox or to look around in it, as data; each is the body of the person's code.
// `shows`: what it returns at most; anything else means that it saw something it should not.

export type Attack = { name: string; code: string; shows?: unknown };

const undefinedEverywhere = (name: string) => ({
  name: `global ${name}`,
  code: `return [typeof ${name}]`,
  shows: ["undefined"],
});

export const attacks: Attack[] = [
  ...[
    "process",
    "require",
    "module",
    "exports",
    "global",
    "Buffer",
    "WebAssembly",
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
  ].map(undefinedEverywhere),
  ...[
    "setTimeout",
    "setImmediate",
    "Deno",
    "Bun",
    "std",
    "os",
    "bjson",
    "scriptArgs",
    "print",
    "load",
    "Worker",
    "self",
    "window",
  ].map(undefinedEverywhere),
  ...[
    "parentPort",
    "workerData",
    "postMessage",
    "structuredClone",
    "navigator",
    "crypto",
    "__dirname",
    "log",
    "Atomics",
  ].map(undefinedEverywhere),
  {
    name: "constructor chain",
    code: `return [({}).constructor.constructor("return typeof process")()]`,
    shows: ["undefined"],
  },
  {
    name: "constructor chain on input",
    code: `return [$items.constructor.constructor("return typeof require")()]`,
    shows: ["undefined"],
  },
  {
    name: "constructor chain on console",
    code: `return [console.log.constructor("return typeof process")()]`,
    shows: ["undefined"],
  },
  {
    name: "constructor chain on $input",
    code: `return [$input.all.constructor("return typeof process")()]`,
    shows: ["undefined"],
  },
  {
    name: "async constructor",
    code: `return [await (async () => {}).constructor("return typeof process")()]`,
    shows: ["undefined"],
  },
  {
    name: "generator constructor",
    code: `return [(function* () {}).constructor("yield typeof process")().next().value]`,
    shows: ["undefined"],
  },
  { name: "indirect eval", code: `return [(0, eval)("typeof process")]`, shows: ["undefined"] },
  {
    name: "this at top",
    code: `return [this === globalThis || this === undefined, typeof this?.process]`,
    shows: [true, "undefined"],
  },
  {
    name: "caller chain",
    code: `function f() { return f.caller && f.caller.caller } try { return [typeof f()] } catch (e) { return [e.name] }`,
    shows: undefined,
  },
  { name: "arguments.callee", code: `return [typeof arguments.callee.caller]`, shows: undefined },
  {
    name: "import()",
    code: `try { await import("node:fs"); return ["in"] } catch (e) { return ["refused"] }`,
    shows: ["refused"],
  },
  {
    name: "import() of std",
    code: `try { await import("std"); return ["in"] } catch (e) { return ["refused"] }`,
    shows: ["refused"],
  },
  {
    name: "import() of data",
    code: `try { await import("data:text/javascript,1"); return ["in"] } catch (e) { return ["refused"] }`,
    shows: ["refused"],
  },
  {
    name: "error stack names no host file",
    code: `try { null.x } catch (e) { return [/node|file:|\\/|worker/i.test(e.stack)] }`,
    shows: [false],
  },
  {
    name: "prepareStackTrace frames",
    code: `Error.prepareStackTrace = (_, frames) => frames; const frames = new Error("x").stack; return [frames.map((f) => typeof f.getFunction?.()).some((t) => t === "host")]`,
    shows: [false],
  },
  {
    name: "frames give no host function",
    code: `Error.prepareStackTrace = (_, f) => f; const seen = []; try { console.log({ toJSON() { seen.push(...new Error("x").stack.map((f) => String(f.getFunction?.())));} }) } catch {} return [seen.some((s) => /^function log\\(/.test(s))]`,
    shows: [false],
  },
  {
    name: "host log gets no object",
    code: `console.log({ toString() { throw 1 } }, Symbol("s"), () => 1); return [1]`,
    shows: [1],
  },
  {
    name: "proxy into log",
    code: `console.log(new Proxy({}, { get() { throw new Error("trap") } })); return [1]`,
    shows: [1],
  },
  {
    name: "Array.prototype spoiled",
    code: `Array.prototype.map = Array.prototype.push = () => { throw 1 }; console.log("x", [1]); return [1]`,
    shows: [1],
  },
  {
    name: "JSON spoiled",
    code: `JSON.stringify = () => '{"a":"forged"}'; JSON.parse = null; return { a: "real" }`,
    shows: { a: "real" },
  },
  {
    name: "then spoiled",
    code: `Promise.prototype.then = function () { throw new Error("x") }; return [1]`,
    shows: [1],
  },
  { name: "String spoiled", code: `String = Reflect.apply = null; throw new Error("plain")` },
  {
    name: "toJSON on Object.prototype",
    code: `Object.prototype.toJSON = () => ({ forged: true }); return { a: 1 }`,
    shows: { forged: true },
  },
  {
    name: "__proto__ in result is data",
    code: `return JSON.parse('{"__proto__": {"polluted": true}}')`,
    shows: JSON.parse('{"__proto__": {"polluted": true}}'),
  },
  {
    name: "thenable result",
    code: `return { then(resolve) { resolve({ typeof: typeof process }) } }`,
    shows: { typeof: "undefined" },
  },
  {
    name: "getter in result",
    code: `return { get a() { return typeof process } }`,
    shows: { a: "undefined" },
  },
  { name: "forged outcome by brackets", code: `}); (async function () { return { forged: true } }` },
  {
    name: "global of an earlier run",
    code: `globalThis.seen = (globalThis.seen ?? 0) + 1; return [globalThis.seen]`,
    shows: [1],
  },
  {
    name: "prototype of an earlier run",
    code: `const before = Object.prototype.mark; Object.prototype.mark = 1; return [before === undefined]`,
    shows: [true],
  },
  { name: "shared memory", code: `return [new SharedArrayBuffer(8).byteLength]` },
  {
    name: "clock",
    code: `return [Date.now(), new Date().getTimezoneOffset(), performance.now()]`,
    shows: [1_700_000_000_123, 0, 0],
  },
  {
    name: "finalizers",
    code: `new FinalizationRegistry(() => { throw 1 }).register({}, 1); return [1]`,
    shows: [1],
  },
  { name: "error with a hostile message", code: `throw { get message() { throw 1 } }` },
  {
    name: "error that is a proxy",
    code: `throw new Proxy(new Error("x"), { get() { throw 1 }, has() { return true } })`,
  },
  { name: "nul and surrogates in text", code: `return ["a\\u0000b\\ud800"]`, shows: ["a\u0000b\ud800"] },
  {
    name: "very deep result by toJSON",
    code: `const f = (n) => ({ toJSON: () => (n > 0 ? { a: f(n - 1) } : 1) }); return f(5000)`,
  },
];

/** Each must end by a limit, within the clock of the supervisor. */
export const exhaustions: { name: string; code: string; failure: RegExp }[] = [
  { name: "endless loop", code: "for (;;) {}", failure: /CODE_TIME_LIMIT/ },
  {
    name: "endless loop in finally",
    code: "for (;;) { try { for (;;) {} } finally { continue } }",
    failure: /CODE_TIME_LIMIT/,
  },
  {
    name: "endless jobs",
    code: "const f = () => Promise.resolve().then(f); return f()",
    failure: /CODE_(TIME|MEMORY)_LIMIT/,
  },
  { name: "endless await", code: "for (;;) await 1", failure: /CODE_TIME_LIMIT/ },
  {
    name: "endless getter in the result",
    code: "return { get a() { for (;;) {} } }",
    failure: /CODE_TIME_LIMIT/,
  },
  {
    name: "endless toString of an error",
    code: "throw { message: { toString() { for (;;) {} } } }",
    failure: /CODE_TIME_LIMIT/,
  },
  { name: "slow regex", code: "return [/^(a+)+$/.test('a'.repeat(40) + 'b')]", failure: /CODE_TIME_LIMIT/ },
  {
    name: "growing list",
    code: "const a = []; for (;;) a.push(new Array(1000).fill(1))",
    failure: /CODE_MEMORY_LIMIT/,
  },
  { name: "growing text", code: "let s = 'x'; for (;;) s += s", failure: /CODE_MEMORY_LIMIT/ },
  {
    name: "growing map",
    code: "const m = new Map(); for (let i = 0; ; i += 1) m.set(i, { i })",
    failure: /CODE_(MEMORY|TIME)_LIMIT/,
  },
  {
    name: "large buffer",
    code: "return [new Uint8Array(64e6).length]",
    failure: /CODE_MEMORY_LIMIT|CODE_THREW/,
  },
  { name: "deep recursion", code: "const f = () => f() + 1; return [f()]", failure: /CODE_STACK_LIMIT/ },
  {
    name: "deep recursion in built-ins",
    code: "const f = () => [1].map(f); return f()",
    failure: /CODE_STACK_LIMIT/,
  },
  {
    name: "deep list",
    code: "let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; return a",
    failure: /CODE_(STACK|OUTPUT)_LIMIT/,
  },
  { name: "deep parse", code: "return JSON.parse('['.repeat(1e6))", failure: /CODE_/ },
  { name: "deep regex", code: "return [new RegExp('('.repeat(1e5)).source]", failure: /CODE_/ },
  { name: "huge output", code: "return ['x'.repeat(2e6)]", failure: /CODE_OUTPUT_LIMIT/ },
  {
    name: "huge output of few objects",
    code: "let a = 'x'; for (let i = 0; i < 25; i += 1) a = [a, a]; return a",
    failure: /CODE_(MEMORY|OUTPUT|TIME)_LIMIT/,
  },
];

/** No built-in asks whether to go on, so only the supervisor ends this one. */
export const stringSearch = "return ['a'.repeat(1e6).indexOf('a'.repeat(2e5) + 'b' + 'a'.repeat(3e5))]";
