// Random expressions of the whole grammar, sensible and senseless, with a fixed seed.
// Whatever they are: nothing but ExpressionError is thrown, the input stays as it was, the result is plain JSON,
// and evaluating again gives the same.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { compileExpression, compileTemplate, ExpressionError, suggestions } from "./index.ts";
import { sampleItems, scopeWith } from "./testScope.fixture.ts";

const NAMES = [
  ...suggestions("names")
    .map((entry) => entry.name)
    .filter((name) => name !== "$"),
  "$('Earlier')",
  "x",
  "y",
];
const METHODS = (
  ["text", "number", "list", "object", "dateTime", "date", "duration", "pattern", "items", "boolean"] as const
)
  .flatMap((topic) => suggestions(topic))
  .map((entry) => entry.name);
const STATIC = [
  "Math",
  "JSON",
  "Object",
  "Array",
  "String",
  "Number",
  "Date",
  "DateTime",
  "Duration",
].flatMap((of) => suggestions({ of }).map((entry) => `${of}.${entry.name}`));
const KEYS = [
  "name",
  "age",
  "tags",
  "orders",
  "address",
  "zip",
  "price",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "toJSON",
  "length",
  "then",
  "item",
  "json",
];

const leaf = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.constantFrom(
    "0",
    "1",
    "-1",
    "2.5",
    "1e400",
    "NaN",
    "undefined",
    "null",
    "true",
    "''",
    "'abc'",
    "'2024-05-31'",
    "'a@b.co'",
    "[]",
    "{}",
    "[1, 2, 3]",
    "['b', 'a']",
    "/a+/g",
    "/(x)?/",
  ),
  fc.constantFrom(
    "$json.orders",
    "$json.tags",
    "$json.name",
    "$json.address",
    "$now",
    "new Date()",
    "Duration.fromMillis(5e6)",
  ),
  fc.constantFrom(
    "x => x",
    "(x, y) => y",
    "() => 1",
    "({ id }) => id",
    "x => x.price",
    "'days'",
    "{ days: 1 }",
    "'yyyy-MM-dd'",
    "'Europe/Berlin'",
  ),
);

const { tree } = fc.letrec<{ tree: string; args: string }>((tie) => ({
  args: fc.array(tie("tree"), { maxLength: 3 }).map((list) => list.join(", ")),
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("tree"), fc.constantFrom(...METHODS), tie("args"))
      .map(([of, name, args]) => `(${of}).${name}(${args})`),
    fc
      .tuple(tie("tree"), fc.constantFrom(...METHODS), tie("args"))
      .map(([of, name, args]) => `(${of})?.${name}?.(${args})`),
    fc.tuple(fc.constantFrom(...STATIC), tie("args")).map(([name, args]) => `${name}(${args})`),
    fc.tuple(fc.constantFrom(...NAMES), tie("args")).map(([name, args]) => `${name}(${args})`),
    fc.tuple(tie("tree"), fc.constantFrom(...KEYS)).map(([of, key]) => `(${of}).${key}`),
    fc.tuple(tie("tree"), tie("tree")).map(([of, key]) => `(${of})[${key}]`),
    fc
      .tuple(
        tie("tree"),
        fc.constantFrom(
          "+",
          "-",
          "*",
          "/",
          "%",
          "**",
          "==",
          "===",
          "<",
          ">=",
          "&&",
          "||",
          "??",
          "in",
          "|",
          ">>>",
        ),
        tie("tree"),
      )
      .map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    fc
      .tuple(fc.constantFrom("!", "-", "+", "~", "typeof ", "..."), tie("tree"))
      .map(([op, of]) => (op === "..." ? `[...(${of})]` : `${op}(${of})`)),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
    fc
      .tuple(tie("tree"), fc.constantFrom(...KEYS), tie("tree"))
      .map(([a, key, b]) => `({ ...(${a}), [${JSON.stringify(key)}]: ${b} })`),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `\`\${${a}} and \${${b}}\``),
    fc
      .tuple(tie("tree"), tie("tree"))
      .map(([body, arg]) => `((x, y = 1) => ${body.startsWith("{") ? `(${body})` : body})(${arg})`),
    fc
      .tuple(tie("tree"), tie("tree"))
      .map(([a, b]) => `(() => { try { const x = ${a}; return x; } catch (e) { return ${b}; } })()`),
    fc
      .tuple(tie("tree"), tie("tree"))
      .map(([a, b]) => `(() => { const x = [${a}]; x.push(${b}); if (x.length) return x; throw x; })()`),
  ),
}));

function isPlainJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlainJson);
  if (typeof value !== "object") return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
}

function run(source: string, mode: "strict" | "lenient"): unknown {
  const compiled = compileExpression(source, { mode });
  if (!compiled.ok) return compiled.problems.map((problem) => problem.code);
  try {
    const value = compiled.template.evaluate(scopeWith());
    assert.ok(value === undefined || isPlainJson(value), "the result is not plain JSON");
    return { value };
  } catch (error) {
    assert.ok(error instanceof ExpressionError, `threw ${String(error)}`);
    assert.notEqual(error.code, "INTERNAL");
    assert.ok(error.start >= 0 && error.end <= source.length && error.start <= error.end);
    return error.code;
  }
}

const SEED = 8_123_771;

it("survives random expressions", () => {
  const before = JSON.stringify(sampleItems);
  fc.assert(
    fc.property(tree, fc.constantFrom("strict" as const, "lenient" as const), (source, mode) => {
      const first = run(source, mode);
      assert.deepEqual(run(source, mode), first, "not the same again");
    }),
    { seed: SEED, numRuns: 3000 },
  );
  assert.equal(JSON.stringify(sampleItems), before);
});

it("survives random text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "{{",
      "}}",
      "$json",
      ".",
      "(",
      ")",
      "`",
      "'",
      '"',
      "/",
      "\\",
      "=>",
      "[",
      "]",
      "...",
      "?",
      "/*",
      "//",
      "\n",
    ),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const source = pieces.join("");
      const compiled = compileTemplate(source);
      if (!compiled.ok) {
        for (const problem of compiled.problems)
          assert.ok(problem.start >= 0 && problem.start <= source.length);
        return;
      }
      try {
        compiled.template.evaluate(scopeWith());
      } catch (error) {
        assert.ok(error instanceof ExpressionError, `threw ${String(error)}`);
      }
    }),
    { seed: SEED, numRuns: 3000 },
  );
});
